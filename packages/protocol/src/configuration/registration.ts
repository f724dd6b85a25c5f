import type { Configuration } from './configuration.js';
import type { Instant } from './instant.js';
import type { Member } from './state.js';

/** AddMaster. */
export interface Registration {
  readonly kind: 'add-master';
  readonly masterId: string;
  readonly address: string;
  /** Empty for a master that never belonged to a cluster. */
  readonly clusterId: string;
  readonly incarnation: string;
  /** Of the newest configuration that it knows. */
  readonly version: number;
  readonly lastSeq: number;
  /** Of the entry `lastSeq`; 0 when there is none. */
  readonly lastEpoch: number;
  readonly committedSeq: number;
  /** The newest configuration that it keeps a copy of (R9). */
  readonly configuration: Configuration | undefined;
  /** The newest epoch that it has promised to. */
  readonly epoch: number;
  readonly software: string;
  /** Drawn by the caller; used only when this registration forms the cluster. */
  readonly newClusterId: string;
}

/** A registration is a sign of life, too. The same process that registers again keeps its stream and what it said. */
export function memberFrom(
  event: Registration,
  former: Member | undefined,
  committedSeq: number,
  at: Instant,
): Member {
  const same = former?.incarnation === event.incarnation ? former : undefined;
  const { masterId, address, incarnation, software, epoch, lastSeq } = event;
  return {
    masterId,
    address,
    incarnation,
    software,
    stream: same?.stream.phase === 'open' ? same.stream : { phase: 'awaited', sinceMs: at.nowMs },
    heardMs: at.nowMs,
    epoch,
    lastSeq,
    settled: { seq: lastSeq, atMs: at.nowMs },
    committedSeq: Math.max(committedSeq, event.committedSeq),
    stateHash: same?.stateHash ?? '',
    stateHashSeq: same?.stateHashSeq ?? 0,
    witness: same?.witness,
  };
}
