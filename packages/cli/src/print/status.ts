import type { ClusterEvent, ClusterStatus, MasterRole, MasterStatus } from '@everline/client';
import { duration } from './duration.js';
import { shortTime } from './local-time.js';
import type { Style } from './style.js';
import { type Cell, table } from './table.js';
import { visible } from './visible.js';

const roleTexts: Readonly<Record<MasterRole, string>> = {
  available: 'available',
  standby: 'standby',
  'catching-up': 'catching up',
  gone: 'gone',
};

/** Events that moved the role: what `status` tells of the past. */
const moves: ReadonlySet<string> = new Set(['failover', 'switchover', 'forced', 'recovered']);
const shownMoves = 5;
const shownIdLength = 8;

export function statusText(status: ClusterStatus, style: Style, nowMs: number): string {
  const { masters } = status;
  if (masters.length === 0) return `${style.yellow('the router answers, and no master has come yet')}\n`;
  const title = ['master', 'address', 'role', 'in sync', 'lag', 'up'].map((text) => ({
    text,
    paint: style.dim,
  }));
  const rows = masters.map((master) => masterRow(master, status, style, nowMs));
  const past = status.events.filter(({ kind }) => moves.has(kind)).slice(0, shownMoves);
  const events =
    past.length === 0 ? '' : `\n${style.bold('Last failovers')}\n${eventTable(past, style, nowMs)}`;
  return `${headline(status, style)}\n\n${table([title, ...rows], '  ')}${events}`;
}

function headline({ epoch, masters, liveCopies, clusterId, history }: ClusterStatus, style: Style): string {
  const available = masters.find(({ role, alive }) => role === 'available' && alive);
  const serving =
    available === undefined
      ? style.red('no master is available')
      : `${style.green('●')} ${style.bold(visible(available.address))} is available`;
  const forced = history > 1 ? ` · history ${history}` : '';
  return `${serving} · epoch ${epoch}${forced} · ${redundancyText(liveCopies, style)} · cluster ${shortId(clusterId)}`;
}

/** How many copies of every acknowledged post live; one more crash than that is a wait. */
export function redundancyOf(liveCopies: number): 'full' | 'none' | 'lost' {
  if (liveCopies >= 2) return 'full';
  return liveCopies === 1 ? 'none' : 'lost';
}

function redundancyText(liveCopies: number, style: Style): string {
  if (liveCopies >= 2) return `${liveCopies} live copies of every post`;
  const text = liveCopies === 1 ? 'redundancy: none' : 'redundancy: none, and nobody holds the last posts';
  return style.yellow(text);
}

function masterRow(master: MasterStatus, { masters }: ClusterStatus, style: Style, nowMs: number): Cell[] {
  const { role, inSync, alive, aliveSinceMs } = master;
  const paint = role === 'available' ? style.green : alive ? undefined : style.red;
  return [
    { text: shortId(master.masterId) },
    { text: visible(master.address) },
    { text: roleTexts[role], ...(paint !== undefined && { paint }) },
    { text: inSync ? 'yes' : 'no', ...(!inSync && { paint: style.yellow }) },
    { text: alive ? String(lagOf(master, masters)) : '–' },
    { text: alive && aliveSinceMs !== undefined ? duration(Math.max(0, nowMs - aliveSinceMs)) : '–' },
  ];
}

/** Committed entries that it has not reported yet. */
export function lagOf(master: MasterStatus, masters: readonly MasterStatus[]): number {
  const committed = Math.max(0, ...masters.map(({ committedSeq }) => committedSeq));
  return Math.max(0, committed - master.lastSeq);
}

function eventTable(events: readonly ClusterEvent[], style: Style, nowMs: number): string {
  const rows = events.map(({ atMs, epoch, kind, tookMs, what }) => [
    { text: shortTime(atMs, nowMs), paint: style.dim },
    { text: kind },
    { text: `epoch ${epoch}` },
    { text: tookMs === undefined ? '' : duration(tookMs), right: true },
    { text: visible(what) },
  ]);
  return table(rows, '  ');
}

export function shortId(id: string): string {
  return visible(id).slice(0, shownIdLength);
}

/** Everything, for programs. */
export function statusValue(status: ClusterStatus): object {
  const available = status.masters.find(({ role, alive }) => role === 'available' && alive);
  return {
    ...status,
    available: available === undefined ? null : { masterId: available.masterId, address: available.address },
    redundancy: redundancyOf(status.liveCopies),
    masters: status.masters.map((master) => ({ ...master, lag: lagOf(master, status.masters) })),
  };
}
