// M2: what a standby takes, and what it says no to.
import { becomeFollowing } from './become.js';
import type { Append, Run, Verdict } from './events.js';
import { epochAt, type JournalView } from './journal-view.js';
import { promiseEpoch } from './promise.js';
import { granted } from './read-lease.js';
import { isReign, type Replica, type Source } from './replica.js';
import { type Turn, withRole, withStanding } from './turn.js';

export function acceptAppend(replica: Replica, append: Append, turn: Turn): Replica {
  const { promisedEpoch } = replica.standing;
  if (append.epoch < promisedEpoch) {
    say(append, 'stale-epoch', promisedEpoch, 0, turn); // M2
    return replica;
  }
  const { role } = replica;
  if ((isReign(role) || role.kind === 'resigned') && role.epoch === append.epoch) {
    turn.effects.push({ kind: 'violated', what: `two available masters in epoch ${append.epoch}` });
    return replica;
  }
  const promised = promiseEpoch(replica, append.epoch, turn);
  const standby =
    promised.role.kind === 'following' ? promised : becomeFollowing(promised, append.epoch, turn);
  if (!matches(append, turn.journal)) {
    if (append.prevSeq <= standby.standing.committedSeq) return diverged(standby, append.prevSeq, turn); // M2
    say(append, 'mismatch', append.epoch, hint(standby, append, turn.journal), turn);
    return standby;
  }
  return take(standby, append, turn);
}

/** M2: the entry before is the same, in seq and in epoch. What is kept no more was committed. */
function matches({ prevSeq, prevEpoch }: Append, journal: JournalView): boolean {
  const here = epochAt(journal, prevSeq);
  return here === undefined ? prevSeq < journal.firstSeq : here === prevEpoch;
}

/** After a gap: the end of the journal; after a divergence: what is committed, which is the same everywhere. */
function hint({ standing }: Replica, { prevSeq }: Append, journal: JournalView): number {
  return prevSeq > journal.lastSeq ? Math.max(journal.lastSeq, standing.committedSeq) : standing.committedSeq;
}

function take(replica: Replica, append: Append, turn: Turn): Replica {
  const count = append.runs.reduce((sum, run) => sum + run.count, 0);
  const endSeq = append.prevSeq + count;
  const fromSeq = firstNew(append, endSeq, turn.journal);
  const conflict = fromSeq <= endSeq && fromSeq <= turn.journal.lastSeq;
  if (conflict && fromSeq <= replica.standing.committedSeq) return diverged(replica, fromSeq, turn); // M2
  const cut = conflict ? truncate(replica, fromSeq, turn) : replica;
  const { standing, settings } = cut;
  const { generation, committedSeq, grants } = standing;
  if (fromSeq <= endSeq) turn.effects.push({ kind: 'store', fromSeq, toSeq: endSeq, generation });
  const accepted = withStanding(cut, {
    ...standing,
    committedSeq: Math.max(committedSeq, Math.min(append.committedSeq, endSeq)),
    grants: granted(grants, append.epoch, turn.nowMs, settings.leaseMs), // M9
  });
  return withRole(accepted, { kind: 'following', source: heard(accepted, append, endSeq, turn.nowMs) });
}

/** The first entry of the append that the journal lacks or has otherwise; endSeq + 1 when there is none. */
function firstNew(append: Append, endSeq: number, journal: JournalView): number {
  const overlap = Math.min(endSeq, journal.lastSeq);
  if (overlap > append.prevSeq && !same(append, overlap, journal)) {
    let seq = append.prevSeq + 1;
    while (same(append, seq, journal)) seq++;
    return seq;
  }
  return Math.max(overlap, append.prevSeq) + 1;
}

/** Entries equal in seq and epoch are equal, and so is everything before them. What is kept no more was committed. */
function same({ prevSeq, runs }: Append, seq: number, journal: JournalView): boolean {
  const here = epochAt(journal, seq);
  return here === undefined ? seq < journal.firstSeq : here === epochOf(runs, seq - prevSeq);
}

function epochOf(runs: readonly Run[], nth: number): number | undefined {
  let left = nth;
  for (const run of runs) {
    if (left <= run.count) return run.epoch;
    left -= run.count;
  }
  return undefined;
}

/** M2: what was flushed of the cut part, or is being flushed, says nothing about what comes in its place. */
function truncate(replica: Replica, fromSeq: number, turn: Turn): Replica {
  turn.effects.push({ kind: 'truncate', fromSeq });
  const { standing } = replica;
  return withStanding(replica, {
    ...standing,
    generation: standing.generation + 1,
    flushedSeq: Math.min(standing.flushedSeq, fromSeq - 1),
  });
}

function heard(replica: Replica, append: Append, endSeq: number, nowMs: number): Source {
  const before = replica.role.kind === 'following' ? replica.role.source : undefined;
  const same = before?.epoch === append.epoch ? before : undefined;
  return {
    masterId: append.from,
    epoch: append.epoch,
    verifiedSeq: Math.max(same?.verifiedSeq ?? 0, endSeq),
    sentAtMs: Math.max(same?.sentAtMs ?? append.sentAtMs, append.sentAtMs),
    heardAtMs: nowMs,
    acknowledgedSeq: same?.acknowledgedSeq ?? 0,
    owes: append.runs.length === 0 ? 'now' : same?.owes === 'now' ? 'now' : 'flush',
    lost: false,
  };
}

/** What is committed is the same everywhere: here it is not. */
function diverged(replica: Replica, seq: number, turn: Turn): Replica {
  turn.effects.push({ kind: 'violated', what: `entry ${seq} is committed here, and another one there` });
  return replica;
}

function say(append: Append, verdict: Verdict, epoch: number, hintSeq: number, turn: Turn): void {
  const { from: to, sentAtMs } = append;
  turn.effects.push({ kind: 'acknowledge', to, epoch, verdict, seq: 0, hintSeq, sentAtMs });
}
