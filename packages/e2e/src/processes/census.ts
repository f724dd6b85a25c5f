import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** One process as the kernel tells of it. `startTicks` makes the pid an identity (W1). */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly startTicks: number;
  /** `R`, `S`, `D`, `T` (stopped), `Z` (zombie), … */
  readonly state: string;
  readonly argv: readonly string[];
}

/** Without /proc there is no census: the suite then knows only the processes it started itself. */
export const canCount = process.platform === 'linux';

/** Every process that carries the marker in its environment, whoever its parent is. A zombie carries none. */
export function markedProcesses(marker: string): ProcessEntry[] {
  return allPids().flatMap((pid) => {
    const environment = read(`/proc/${pid}/environ`);
    if (environment === undefined || !environment.split('\0').includes(marker)) return [];
    const entry = processEntry(pid);
    return entry === undefined ? [] : [entry];
  });
}

/** Dead children of these that nobody has reaped. */
export function zombiesOf(parents: ReadonlySet<number>): ProcessEntry[] {
  return allPids().flatMap((pid) => {
    const entry = processEntry(pid);
    return entry?.state === 'Z' && parents.has(entry.parent) ? [entry] : [];
  });
}

/** Undefined when there is no such process. */
export function processEntry(pid: number): ProcessEntry | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name is in parentheses and may contain anything, spaces and parentheses too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const argv = (read(`/proc/${pid}/cmdline`) ?? '').split('\0').slice(0, -1);
  return {
    pid,
    state: fields[0] ?? '?',
    parent: Number(fields[1]),
    startTicks: Number(fields[19]),
    argv,
  };
}

/** The very same process, neither gone nor a zombie. */
export function isAlive({ pid, startTicks }: Pick<ProcessEntry, 'pid' | 'startTicks'>): boolean {
  const now = processEntry(pid);
  return now !== undefined && now.startTicks === startTicks && now.state !== 'Z';
}

/** A signal only ever goes to the process that was meant. */
export function signalProcess(
  entry: Pick<ProcessEntry, 'pid' | 'startTicks'>,
  signal: NodeJS.Signals,
): boolean {
  if (!isAlive(entry)) return false;
  try {
    return process.kill(entry.pid, signal);
  } catch {
    return false;
  }
}

export function residentMegabytes(pid: number): number {
  return megabytesOf(pid, 'VmRSS');
}

/** Resident memory of its own, without mapped files. */
export function ownMegabytes(pid: number): number {
  return megabytesOf(pid, 'RssAnon');
}

function megabytesOf(pid: number, field: string): number {
  const status = read(`/proc/${pid}/status`) ?? '';
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  return Number(kilobytes ?? Number.NaN) / 1024;
}

/** What its descriptors point at: files by path, others as `socket:[inode]` and the like. */
export function openDescriptors(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** Unix sockets with a name, abstract ones beginning with `@`: the locks that the kernel keeps. */
export function namedSockets(): Map<string, string> {
  const byInode = new Map<string, string>();
  for (const line of (read('/proc/net/unix') ?? '').split('\n').slice(1)) {
    const [, inode, name] = /^(?:\S+\s+){6}(\d+)\s+(\S.*)$/.exec(line) ?? [];
    if (inode !== undefined && name !== undefined) byInode.set(`socket:[${inode}]`, name);
  }
  return byInode;
}

/** Sockets of IPv4: the ports of their two ends and the kernel's number of their state (01: open), by what `openDescriptors` calls them. */
export function tcpSockets(): Map<string, string> {
  const byInode = new Map<string, string>();
  for (const line of (read('/proc/net/tcp') ?? '').split('\n').slice(1)) {
    const [, local = '', remote = '', state, , , , , , inode] = line.trim().split(/\s+/);
    if (inode !== undefined) byInode.set(`socket:[${inode}]`, `${portOf(local)}-${portOf(remote)} ${state}`);
  }
  return byInode;
}

function portOf(end: string): number {
  return Number.parseInt(end.split(':')[1] ?? '', 16);
}

function allPids(): number[] {
  if (!canCount) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
