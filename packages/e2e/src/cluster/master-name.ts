export function masterName(index: number): string {
  return `master-${index + 1}`;
}
