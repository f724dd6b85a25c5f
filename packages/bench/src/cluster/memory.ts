import { readFileSync } from 'node:fs';

/** Resident bytes of a process that are its own: without mapped files, which the kernel takes back when it likes. Linux only. */
export function ownBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kib = /^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error('this kernel does not tell what of a process is resident');
  return Number(kib) * 1_024;
}
