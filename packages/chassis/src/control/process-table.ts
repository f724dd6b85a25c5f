import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** What the kernel says of one process at this moment. */
export interface ProcessSight {
  readonly pid: number;
  readonly parent: number;
  /** First letter as in ps: R running, S sleeping, D in the disk, T stopped, Z zombie. */
  readonly state: string;
  /** Opaque: equal for one process all its life, another for the next one that is given the same pid. */
  readonly startTime: string;
  readonly processGroup: number;
  /** CPU time used so far, of all its threads. */
  readonly cpuMs: number;
}

/** Linux shows times in hundredths of a second, whatever the kernel's own tick is. */
const msPerTick = 10;
const onLinux = process.platform === 'linux';

/** The process with this pid, or undefined when there is none. */
export function lookAt(pid: number): ProcessSight | undefined {
  if (!onLinux) return lookAtWithPs(pid);
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    // The entry is missing, or its process ended while it was being read: both mean that nobody is there.
    return undefined;
  }
}

/** In a state as ps has it: what is left of it is the kernel's. */
export function isDead(state: string): boolean {
  return state === 'Z' || state === 'X';
}

/** How long ago a process with this start time was started; undefined where the start time does not say. */
export function ageMs(startTime: string): number | undefined {
  return onLinux ? Math.max(0, uptime() * 1_000 - Number(startTime) * msPerTick) : undefined;
}

/** Everybody in a process group, zombies included. */
export function membersOf(processGroup: number): readonly ProcessSight[] {
  const seen = onLinux
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((name) => lookAt(Number(name)))
    : ps(['-ax', '-o', 'pid=']).map((line) => lookAtWithPs(Number(line)));
  return seen.filter((sight) => sight !== undefined && sight.processGroup === processGroup) as ProcessSight[];
}

/** The second field is the program's name in brackets, and may itself hold spaces and brackets. */
export function parseStat(pid: number, stat: string): ProcessSight | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, processGroup] = fields;
  const startTime = fields[19];
  if (state === undefined || startTime === undefined) return undefined;
  const ticks = Number(fields[11]) + Number(fields[12]);
  return {
    pid,
    parent: Number(parent),
    state: state.charAt(0),
    startTime,
    processGroup: Number(processGroup),
    cpuMs: ticks * msPerTick,
  };
}

/** For systems without /proc. */
export function lookAtWithPs(pid: number): ProcessSight | undefined {
  const [line] = ps(['-o', 'ppid=,pgid=,stat=,time=,lstart=', '-p', String(pid)]);
  const fields = line?.trim().split(/\s+/) ?? [];
  const [parent, processGroup, state, time, ...started] = fields;
  if (state === undefined || time === undefined || started.length === 0) return undefined;
  return {
    pid,
    parent: Number(parent),
    state: state.charAt(0),
    startTime: started.join(' '),
    processGroup: Number(processGroup),
    cpuMs: cpuTimeMs(time),
  };
}

/** `[[days-]hours:]minutes:seconds[.hundredths]` */
function cpuTimeMs(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse();
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1_000);
}

function ps(args: readonly string[]): readonly string[] {
  try {
    // The start time is printed in local time: every reader must mean the same zone.
    const output = execFileSync('ps', args, {
      encoding: 'utf8',
      env: { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC0' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output.split('\n').filter((line) => line.trim() !== '');
  } catch {
    return [];
  }
}
