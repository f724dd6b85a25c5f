const unitsMs = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** For people: `0.4 ms`, `12 ms`, `1.2 s`, `3 min 20 s`, `2 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  const first = unitsMs.findIndex(([, unitMs]) => ms >= unitMs);
  const [unit, unitMs] = unitsMs[first] ?? unitsMs[3];
  const whole = Math.floor(ms / unitMs);
  const next = unitsMs[first + 1];
  const rest = next === undefined ? 0 : Math.floor((ms % unitMs) / next[1]);
  return next === undefined || rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${next[0]}`;
}

/** `1 master`, `2 masters`. */
export function count(amount: number, noun: string): string {
  return `${amount.toLocaleString('en-US')} ${noun}${amount === 1 ? '' : 's'}`;
}
