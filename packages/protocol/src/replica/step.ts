// The replica's one door: an event in, the next state and what to do out. No clock, no disk, no socket, no chance.
import { acceptAppend } from './accept-append.js';
import { keepUp } from './acknowledge.js';
import { serveWhenReady } from './activate.js';
import { alterInSync } from './alter-in-sync.js';
import { commit } from './commit.js';
import type { Effect } from './effects.js';
import type { Flushed, ReplicaEvent } from './events.js';
import { hear } from './hear.js';
import type { JournalView } from './journal-view.js';
import { learn } from './learn.js';
import { leave } from './leave.js';
import { promised } from './promise.js';
import { isReign, type Replica } from './replica.js';
import { resign, resignWhenReady } from './resign.js';
import { shipped, standbyLost, unreachable, welcome } from './ship.js';
import { tick } from './tick.js';
import { type Turn, withRole, withStanding } from './turn.js';

export interface Step {
  readonly replica: Replica;
  /** To be carried out in this order, before the next event. */
  readonly effects: readonly Effect[];
}

export function step(replica: Replica, event: ReplicaEvent, nowMs: number, journal: JournalView): Step {
  const turn: Turn = { nowMs, journal, effects: [] };
  return { replica: settle(handle(replica, event, turn), turn), effects: turn.effects };
}

function handle(replica: Replica, event: ReplicaEvent, turn: Turn): Replica {
  switch (event.kind) {
    case 'learned':
      return learn(replica, event, turn);
    case 'append':
      return acceptAppend(replica, event, turn);
    case 'flushed':
      return flushed(replica, event);
    case 'promised':
      return promised(replica, event.epoch);
    case 'restored':
      return restored(replica, event.seq);
    case 'source-lost':
      return sourceLost(replica);
    case 'hello':
      return welcome(replica, event, turn);
    case 'acknowledgement':
      return hear(replica, event, turn);
    case 'shipped':
      return shipped(replica, event);
    case 'standby-lost':
      return standbyLost(replica, event.masterId, turn);
    case 'unreachable':
      return unreachable(replica, event.masterId, turn);
    case 'altered':
      return altered(replica, event.number, event.answer);
    case 'resign':
      return resign(replica, turn);
    case 'leave':
      return leave(replica, turn);
    case 'tick':
      return tick(replica, turn);
  }
}

/** What every event may have made possible. */
function settle(replica: Replica, turn: Turn): Replica {
  let next = replica;
  if (next.role.kind === 'following') return keepUp(next, next.role, turn);
  if (isReign(next.role)) next = alterInSync(next, next.role, turn);
  if (isReign(next.role)) next = commit(next, next.role, turn);
  if (next.role.kind === 'activating') return serveWhenReady(next, next.role, turn);
  if (next.role.kind === 'resigning') return resignWhenReady(next, next.role, turn);
  return next;
}

function flushed(replica: Replica, { seq, generation }: Flushed): Replica {
  const { standing, role } = replica;
  if (generation !== standing.generation || seq <= standing.flushedSeq) return replica;
  const next = withStanding(replica, { ...standing, flushedSeq: seq });
  // M7 (1): an entry of its own epoch on disk is as good a promise as the one in the facts, which may take longer (open.ts).
  return isReign(role) && seq >= role.beginSeq ? promised(next, role.epoch) : next;
}

function restored(replica: Replica, seq: number): Replica {
  const { standing } = replica;
  const next = withStanding(replica, {
    ...standing,
    generation: standing.generation + 1,
    flushedSeq: seq,
    committedSeq: seq,
    appliedSeq: seq,
  });
  return next.role.kind === 'following' ? withRole(next, { kind: 'following', source: undefined }) : next;
}

function sourceLost(replica: Replica): Replica {
  const { role } = replica;
  if (role.kind !== 'following' || role.source === undefined) return replica;
  return withRole(replica, { kind: 'following', source: { ...role.source, lost: true } });
}

function altered(replica: Replica, number: number, answer: 'done' | 'refused' | 'unknown'): Replica {
  const { role } = replica;
  if (!isReign(role) || role.asked?.number !== number || answer !== 'refused') return replica;
  return withRole(replica, { ...role, asked: { ...role.asked, refused: true } });
}
