// The replication messages as the replica's events, and back. Numbers inside, bigints on the wire.
import {
  type Acknowledgement,
  type Append,
  type ReplicateHello,
  ReplicateResponse,
  Verdict,
} from '@everline/contracts';
import type { Effect, ReplicaEvent, Run, Verdict as Said } from '@everline/protocol/replica';
import type { JournalEntry } from '../store/journal-entry.js';

type EventOf<K extends ReplicaEvent['kind']> = Extract<ReplicaEvent, { kind: K }>;

export interface Outgoing {
  readonly epoch: number;
  readonly prevSeq: number;
  readonly prevEpoch: number;
  readonly entries: readonly JournalEntry[];
  readonly committedSeq: number;
  readonly sentAtMs: number;
}

export function encodeAppend(append: Outgoing): Buffer {
  const value: Append = {
    epoch: BigInt(append.epoch),
    prevSeq: BigInt(append.prevSeq),
    prevEpoch: BigInt(append.prevEpoch),
    entries: append.entries.map(({ bytes }) => bytes as Buffer),
    committedSeq: BigInt(append.committedSeq),
    sentAtUs: BigInt(Math.floor(append.sentAtMs * 1000)),
  };
  const encoded = ReplicateResponse.encode({ response: { $case: 'append', value } }).finish();
  return Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
}

export function appendEvent(
  from: string,
  append: Append,
  entries: readonly JournalEntry[],
): EventOf<'append'> {
  return {
    kind: 'append',
    from,
    epoch: Number(append.epoch),
    prevSeq: Number(append.prevSeq),
    prevEpoch: Number(append.prevEpoch),
    runs: runsOf(entries),
    committedSeq: Number(append.committedSeq),
    sentAtMs: Number(append.sentAtUs) / 1000,
  };
}

function runsOf(entries: readonly JournalEntry[]): readonly Run[] {
  const runs: { epoch: number; count: number }[] = [];
  for (const { epoch } of entries) {
    const last = runs.at(-1);
    if (last?.epoch === epoch) last.count++;
    else runs.push({ epoch, count: 1 });
  }
  return runs;
}

export function helloEvent(hello: ReplicateHello): EventOf<'hello'> {
  return {
    kind: 'hello',
    masterId: hello.masterId,
    incarnation: hello.incarnation,
    epoch: Number(hello.epoch),
    lastSeq: Number(hello.lastSeq),
    lastEpoch: Number(hello.lastEpoch),
    committedSeq: Number(hello.committedSeq),
    ...(hello.leaseMs === 0 ? {} : { leaseMs: hello.leaseMs }),
  };
}

/** Undefined for a verdict that this version does not know. */
export function acknowledgementEvent(heard: Acknowledgement): EventOf<'acknowledgement'> | undefined {
  const verdict = verdicts.get(heard.verdict);
  if (verdict === undefined) return undefined;
  return {
    kind: 'acknowledgement',
    masterId: heard.masterId,
    incarnation: heard.incarnation,
    epoch: Number(heard.epoch),
    verdict,
    seq: Number(heard.seq),
    hintSeq: Number(heard.hintSeq),
    sentAtMs: Number(heard.sentAtUs) / 1000,
  };
}

export function acknowledgementMessage(
  { epoch, verdict, seq, hintSeq, sentAtMs }: Extract<Effect, { kind: 'acknowledge' }>,
  masterId: string,
  incarnation: string,
): Acknowledgement {
  return {
    epoch: BigInt(epoch),
    seq: BigInt(seq),
    sentAtUs: BigInt(Math.round(sentAtMs * 1000)),
    verdict: verdictCodes[verdict],
    hintSeq: BigInt(hintSeq),
    masterId,
    incarnation,
  };
}

const verdictCodes: Readonly<Record<Said, Verdict>> = {
  accepted: Verdict.VERDICT_ACCEPTED,
  mismatch: Verdict.VERDICT_MISMATCH,
  'stale-epoch': Verdict.VERDICT_STALE_EPOCH,
  leaving: Verdict.VERDICT_LEAVING,
};

const verdicts = new Map<number, Said>(
  (Object.keys(verdictCodes) as Said[]).map((said) => [verdictCodes[said], said]),
);
