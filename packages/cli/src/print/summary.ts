import type { MasterStatus } from '@everline/client';
import { count, duration } from './duration.js';
import type { Style } from './style.js';
import { type Cell, table } from './table.js';
import { visible } from './visible.js';

export interface RunningRole {
  readonly name: string;
  readonly address: string;
  readonly pid: number | undefined;
  /** Undefined for the router, and for a master that does not live. */
  readonly master: MasterStatus | undefined;
}

/** What `everline up` has brought about. */
export interface Summary {
  readonly roles: readonly RunningRole[];
  /** What must be typed after `--router` and `--data` to reach this cluster; undefined when it is the default. */
  readonly routerFlag: string | undefined;
  readonly dataDir: string;
  readonly dataFlag: string | undefined;
  /** How this person calls `everline`. */
  readonly command: string;
  readonly liveCopies: number;
  readonly minInSync: number;
  readonly readyMs: number | undefined;
  /** It ran before this command. */
  readonly already: boolean;
  /** Nobody waits for a Ctrl-C. */
  readonly detached: boolean;
}

export function summaryText(summary: Summary, style: Style): string {
  const { roles, readyMs, already } = summary;
  const headline = already ? 'Everline is up already' : 'Everline is up';
  const after = readyMs === undefined ? '' : style.dim(` · ready after ${duration(readyMs)}`);
  return `
  ${style.green('●')} ${style.bold(headline)}${after}

${table(
  roles.map((role) => roleRow(role, style)),
  '    ',
)}
  ${promise(summary)}

  ${style.bold('Try it')}, in another terminal:

${table(
  suggestions(summary).map(([command, why]) => [
    { text: command, paint: style.cyan },
    { text: why, paint: style.dim },
  ]),
  '    ',
)}
  ${style.dim(ending(summary))}

`;
}

function roleRow({ name, address, pid, master }: RunningRole, style: Style): Cell[] {
  const available = master?.role === 'available';
  const state =
    master === undefined
      ? ''
      : available
        ? 'available'
        : master.inSync
          ? 'standby, in sync'
          : 'standby, catching up';
  return [
    { text: name, paint: style.bold },
    { text: visible(address) },
    { text: pid === undefined ? '' : `pid ${pid}`, paint: style.dim },
    { text: state, ...(available && { paint: style.green }) },
  ];
}

function promise({ liveCopies, minInSync }: Summary): string {
  const disks = count(liveCopies, 'disk');
  if (liveCopies >= 2)
    return `A post is on ${disks} before it is acknowledged: kill any one process, nothing is lost.`;
  return minInSync > liveCopies
    ? `Posts are refused until ${minInSync} masters are in sync.`
    : 'One master keeps everything: a second one would take over when it dies.';
}

function suggestions({ command, routerFlag, roles }: Summary): readonly (readonly [string, string])[] {
  const everline = routerFlag === undefined ? command : `${command} --router ${routerFlag}`;
  const pid = roles.find(({ master }) => master?.role === 'available')?.pid;
  return [
    [`${everline} login alice`, 'say who you are'],
    [`${everline} post "hello, world"`, 'post'],
    [`${everline} status --watch`, 'see who is available'],
    ...(pid === undefined
      ? []
      : [[`kill -9 ${pid}`, 'kill the available master, and look at the status'] as const]),
    [`${command} demo`, 'see the same done in a few seconds, and counted'],
    [`${command} --help`, 'see everything else'],
  ];
}

function ending({ command, dataDir, dataFlag, already, detached }: Summary): string {
  const down = `${command} down${dataFlag === undefined ? '' : ` --data ${dataFlag}`}`;
  const stop = already || detached ? `${down} stops it all` : `Ctrl-C here, or ${down}, stops it all`;
  return `Everything is kept in ${visible(dataDir)}. ${stop}.`;
}

/** For programs. */
export function summaryValue({ roles, dataDir, readyMs, already, detached, liveCopies }: Summary): object {
  return {
    event: already ? 'already-up' : 'up',
    router: roles.find(({ name }) => name === 'router')?.address,
    roles: roles.map(({ name, address, pid, master }) => ({
      name,
      address,
      pid,
      ...(master !== undefined && { masterId: master.masterId, role: master.role, inSync: master.inSync }),
    })),
    dataDir,
    liveCopies,
    readyMs: readyMs === undefined ? undefined : Math.round(readyMs),
    detached,
  };
}
