/** What is done about a death: witnessed (W12), cleaned up after (W6), decided upon (W5), written down (W9). */
import { lives } from '@everline/chassis/control';
import type { Child } from '../child/child.js';
import { lastLines } from '../child/output.js';
import type { Spawned } from '../child/spawn-child.js';
import { sweepOrphans } from '../child/stop-child.js';
import { type Ending, hopelessness, howItEnded } from '../policy/ending.js';
import { decideRestart, type RestartHistory } from '../policy/restart.js';
import type { ChildRecord, DeathNotice } from '../state-file.js';
import type { KeeperContext } from './context.js';
import { type DeathLine, deathLine } from './death-line.js';
import type { RunningPhase } from './phase.js';

/** The code is the process' own. */
export interface KeepEnd {
  readonly code: number;
  readonly why: string;
}

/** What follows a death. */
export type Sequel =
  | { readonly kind: 'end'; readonly end: KeepEnd }
  | { readonly kind: 'again'; readonly delayMs: number; readonly held: boolean }
  /** Somebody holds the lock who cannot be known. */
  | { readonly kind: 'locked'; readonly by: string };

/** W12: called synchronously when the kernel has confirmed the death. */
export function witness({ reporter }: KeeperContext, child: Child, ending: Ending): void {
  const notice = noticeOf(child.facts, howItEnded(ending));
  if (notice !== undefined) reporter.report(notice);
}

export function bury(
  context: KeeperContext,
  { child, outputFrom, restartWanted }: RunningPhase,
  ending: Ending,
): Sequel {
  const { clock, home } = context;
  const nowMs = clock.nowMs();
  const readyAtMs = child.readyAtMs;
  const lived = { aliveMs: nowMs - child.sinceMs, readyMs: readyAtMs === undefined ? 0 : nowMs - readyAtMs };
  const orphansKilled = sweepOrphans(child.run);
  const { sequel, history } = decide(context, ending, lived, restartWanted);
  const line = deathLine(child, ending, {
    uptimeMs: Math.round(lived.aliveMs),
    readyMs: Math.round(lived.readyMs),
    orphansKilled,
    restart: sequel.kind === 'again' ? history.restarts : null,
    nextDelayMs: sequel.kind === 'again' ? Math.round(sequel.delayMs) : null,
    lastLines: lastLines(home.output, outputFrom),
  });
  record(context, line, history, noticeOf(child.facts, howItEnded(ending)));
  tellSequel(context, sequel, history);
  return sequel;
}

/** A child that could not even be started. */
export function burySpawnFailure(
  context: KeeperContext,
  { ending }: Extract<Spawned, { kind: 'failed' }>,
  instance: string,
): Sequel {
  const { sequel, history } = decide(context, ending, { aliveMs: 0, readyMs: 0 }, false);
  const line: Partial<DeathLine> & { why: string } = {
    instance,
    reason: 'spawn failed',
    why: ending.message,
    restart: sequel.kind === 'again' ? history.restarts : null,
    nextDelayMs: sequel.kind === 'again' ? Math.round(sequel.delayMs) : null,
  };
  record(context, line, history, undefined);
  tellSequel(context, sequel, history);
  return sequel;
}

/** It died while no watchdog lived, or together with its keeper. */
export function buryUnwatched(context: KeeperContext, { identity, facts }: ChildRecord): void {
  if (lives(identity)) return;
  const { pid, instance } = identity;
  const notice = noticeOf(facts, howItEnded({ kind: 'gone' }));
  if (notice !== undefined) context.reporter.report(notice);
  const line: Partial<DeathLine> = { pid, instance, code: null, signal: null, adopted: true, reason: 'exit' };
  const { history } = context.state.get();
  record(context, { ...line, unwatched: true }, { ...history, restarts: history.restarts + 1 }, notice);
}

function decide(
  { settings, clock, random, state, wish }: KeeperContext,
  ending: Ending,
  lived: { readonly aliveMs: number; readonly readyMs: number },
  restartWanted: boolean,
): { sequel: Sequel; history: RestartHistory } {
  const before = state.get().history;
  if (wish.level() > 0) return { sequel: end(0, 'stopped on request'), history: before };
  if (restartWanted)
    return {
      sequel: { kind: 'again', delayMs: 0, held: false },
      history: { ...before, restarts: before.restarts + 1 },
    };
  const hopeless = hopelessness(ending);
  if (hopeless !== undefined)
    return { sequel: end(hopeless.code, `stopped, a restart cannot help: ${hopeless.why}`), history: before };
  const { history, delayMs } = decideRestart(
    before,
    { nowMs: clock.nowMs(), ...lived },
    settings.intensity,
    random.next(),
  );
  return { sequel: { kind: 'again', delayMs, held: history.held }, history };
}

function end(code: number, why: string): Sequel {
  return { kind: 'end', end: { code, why } };
}

function record(
  { state, events }: KeeperContext,
  line: object,
  history: RestartHistory,
  notice: DeathNotice | undefined,
): void {
  const { unreported } = state.get();
  const others = unreported.filter(({ incarnation }) => incarnation !== notice?.incarnation);
  state.change({
    child: undefined,
    history,
    lastDeath: line,
    unreported: notice === undefined ? others : [...others, notice],
  });
  events.tell('death', line);
}

function tellSequel(
  { events, settings }: KeeperContext,
  sequel: Sequel,
  { deathsAtMs }: RestartHistory,
): void {
  if (sequel.kind !== 'again' || !sequel.held) return;
  const { maxDeaths, withinMs, heldMs } = settings.intensity;
  const why =
    deathsAtMs.length > maxDeaths
      ? `${deathsAtMs.length} deaths, more than ${maxDeaths} within ${withinMs} ms`
      : `it has not been ready for ${Math.ceil(withinMs / maxDeaths)} ms since it died more than ${maxDeaths} times within ${withinMs} ms`;
  events.tell('held', {
    why: `${why}: one try every ${heldMs} ms`,
    nextDelayMs: Math.round(sequel.delayMs),
  });
}

/** Only a master is known to the router: by what it said of itself. */
export function isReported(facts: ChildRecord['facts']): boolean {
  return noticeOf(facts, '') !== undefined;
}

function noticeOf({ masterId, incarnation }: ChildRecord['facts'], how: string): DeathNotice | undefined {
  return typeof masterId === 'string' && typeof incarnation === 'string'
    ? { masterId, incarnation, how }
    : undefined;
}
