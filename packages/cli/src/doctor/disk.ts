import { closeSync, existsSync, fdatasyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkFolder, freeBytesAt } from '../cluster/preflight.js';
import { Ending } from '../ending.js';
import { duration } from '../print/duration.js';
import { type Finding, fault, ok, warning } from './finding.js';

const flushes = 20;
const slowFlushMs = 50;
const scarceBytes = 1024 ** 3;
/** File systems on which neither a lock nor a memory map can be relied upon, by their magic numbers. */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
]);

/** A folder that is not there yet is judged by the nearest one that is. */
export function checkDisk(folder: string, nowMs: () => number): readonly Finding[] {
  const existing = nearest(folder);
  try {
    checkFolder(existing === folder ? folder : existing);
  } catch (error) {
    if (!(error instanceof Ending)) throw error;
    return [
      fault('disk', error.message, 'choose another folder with --data, make room, or change its owner'),
    ];
  }
  return [space(existing), place(existing), speed(existing, nowMs)].filter(
    (finding) => finding !== undefined,
  );
}

function space(folder: string): Finding {
  const free = freeBytesAt(folder);
  const text = `${(free / 1024 ** 3).toFixed(1)} GiB free at ${folder}`;
  return free < scarceBytes
    ? warning('disk', text, 'make room: a full disk refuses posts')
    : ok('disk', text);
}

function place(folder: string): Finding | undefined {
  const name = networkFileSystems.get(statfsSync(folder).type);
  if (name === undefined) return undefined;
  return fault('disk', `${folder} is on ${name}`, 'choose a folder on a local disk with --data');
}

function speed(folder: string, nowMs: () => number): Finding {
  const probe = join(folder, `.probe-${process.pid}`);
  const file = openSync(probe, 'w', 0o600);
  try {
    const times = Array.from({ length: flushes }, () => {
      const startedMs = nowMs();
      writeSync(file, Buffer.alloc(4_096));
      fdatasyncSync(file);
      return nowMs() - startedMs;
    }).sort((a, b) => a - b);
    const usualMs = times[flushes / 2] ?? 0;
    const text = `a flush to disk takes ${duration(usualMs)}, ${duration(times.at(-1) ?? 0)} at most`;
    if (usualMs < slowFlushMs) return ok('disk', text);
    return warning(
      'disk',
      text,
      'every post waits for a flush on each master: a faster disk makes faster posts',
    );
  } finally {
    closeSync(file);
    rmSync(probe, { force: true });
  }
}

function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}
