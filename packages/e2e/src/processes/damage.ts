import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The largest file below a folder whose name ends so. */
export function fileIn(folder: string, ending: string): string {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => join(folder, path))
    .sort((a, b) => statSync(b).size - statSync(a).size);
  const [path] = paths;
  if (path === undefined) throw new Error(`no ${ending} in ${folder}`);
  return path;
}

/** As a write that was under way when the power went. */
export function tear(path: string, bytes: number): void {
  truncateSync(path, Math.max(0, statSync(path).size - bytes));
}

/** The beginning of the file, and nothing else. */
export function keep(path: string, bytes: number): void {
  truncateSync(path, bytes);
}

/** One bit, at such a share of the file. */
export function flip(path: string, share: number): void {
  const bytes = readFileSync(path);
  const at = Math.floor(bytes.length * share);
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  writeFileSync(path, bytes);
}
