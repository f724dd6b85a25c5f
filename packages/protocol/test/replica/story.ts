// A readable transcript of one replica: what it hears, and what it does about it.
import type { Configuration } from '../../src/configuration/configuration.js';
import {
  defaultReplicaTimes,
  type Effect,
  mayRead,
  mayWrite,
  openReplica,
  type Replica,
  type ReplicaEvent,
  step,
} from '../../src/replica/index.js';

export interface StoryOptions {
  /** Epochs of the entries that are on its disk at the start. */
  readonly journal?: readonly number[];
  readonly promised?: number;
  readonly configuration?: Configuration;
  readonly applied?: number;
  readonly firstSeq?: number;
}

/** Replica `a`, at 0 ms. The journal does at once what it is told; flushes and promises are told by the test. */
export class Story {
  replica: Replica;
  nowMs = 0;
  readonly #epochs: number[];
  readonly #firstSeq: number;

  constructor({ journal = [], promised = 0, configuration, applied = 0, firstSeq = 1 }: StoryOptions = {}) {
    this.#epochs = [...journal];
    this.#firstSeq = firstSeq;
    const found = {
      promisedEpoch: promised,
      configuration,
      lastSeq: journal.length,
      lastEpoch: journal.at(-1) ?? 0,
      appliedSeq: applied,
    };
    this.replica = openReplica({ ...defaultReplicaTimes, masterId: 'a' }, found, 0);
  }

  get journal(): string {
    return this.#epochs.join(' ');
  }

  get role(): string {
    return this.replica.role.kind;
  }

  get read(): string {
    return mayRead(this.replica, this.nowMs);
  }

  get writes(): boolean {
    return mayWrite(this.replica, this.nowMs);
  }

  at(nowMs: number): this {
    this.nowMs = nowMs;
    return this;
  }

  /** An entry of its own reign. */
  propose(): this {
    this.#epochs.push(this.replica.standing.promisedEpoch);
    return this;
  }

  /** What it does about this, one line each. */
  hears(event: ReplicaEvent): string[] {
    const firstSeq = this.#firstSeq;
    const epochs = this.#epochs;
    const view = {
      firstSeq,
      lastSeq: epochs.length,
      epochAt: (seq: number) => (seq < firstSeq - 1 ? undefined : epochs[seq - 1]),
    };
    const { replica, effects } = step(this.replica, event, this.nowMs, view);
    this.replica = replica;
    for (const effect of effects) this.#carryOut(effect, event);
    return effects.map(told);
  }

  flushed(): string[] {
    return this.hears({
      kind: 'flushed',
      seq: this.#epochs.length,
      generation: this.replica.standing.generation,
    });
  }

  promised(epoch: number): string[] {
    return this.hears({ kind: 'promised', epoch });
  }

  tick(): string[] {
    return this.hears({ kind: 'tick' });
  }

  learns(
    configuration: Configuration,
    endedEpochs: readonly number[] = [],
    reapedEpochs: readonly number[] = [],
  ): string[] {
    return this.hears({ kind: 'learned', configuration, endedEpochs, reapedEpochs });
  }

  /** `b` acknowledges. */
  acknowledged(
    seq: number,
    more: { by?: string; epoch?: number; sentAtMs?: number; incarnation?: string } = {},
  ): string[] {
    const {
      by = 'b',
      epoch = this.replica.standing.promisedEpoch,
      sentAtMs = this.nowMs,
      incarnation = 'i',
    } = more;
    return this.hears({
      kind: 'acknowledgement',
      masterId: by,
      incarnation,
      epoch,
      verdict: 'accepted',
      seq,
      hintSeq: 0,
      sentAtMs,
    });
  }

  greeted(by = 'b', last: { seq: number; epoch: number } = { seq: 0, epoch: 0 }, committedSeq = 0): string[] {
    return this.hears({
      kind: 'hello',
      masterId: by,
      incarnation: 'i',
      epoch: this.replica.standing.promisedEpoch,
      lastSeq: last.seq,
      lastEpoch: last.epoch,
      committedSeq,
    });
  }

  #carryOut(effect: Effect, event: ReplicaEvent): void {
    if (effect.kind === 'begin') this.#epochs.push(effect.epoch);
    if (effect.kind === 'truncate') this.#epochs.length = effect.fromSeq - 1;
    if (effect.kind !== 'store' || event.kind !== 'append') return;
    const coming = event.runs.flatMap(({ epoch, count }) => Array.from({ length: count }, () => epoch));
    this.#epochs.push(...coming.slice(effect.fromSeq - event.prevSeq - 1));
  }
}

function told(effect: Effect): string {
  const { kind, ...rest } = effect;
  if (kind === 'keep') return `keep v${'configuration' in rest ? rest.configuration.version : ''}`;
  return [kind, ...Object.entries(rest).map(([name, value]) => `${name}=${String(value)}`)].join(' ');
}

/** Version 1 of epoch 1: `a` is available, all are in sync. */
export function cluster(...masterIds: readonly string[]): Configuration {
  return {
    clusterId: 'c',
    version: 1,
    epoch: 1,
    availableId: masterIds[0] ?? '',
    inSyncIds: masterIds,
    masters: masterIds.map((masterId) => ({ masterId, address: `${masterId}:1` })),
    minInSync: 1,
    history: 1,
  };
}

/** `a` reigns in epoch 1 over an empty journal; `b` follows and has acknowledged the beginning. */
export function reigning(...others: readonly string[]): Story {
  const a = new Story();
  a.learns(cluster('a', ...others));
  a.promised(1);
  a.flushed();
  for (const id of others) {
    a.greeted(id);
    a.acknowledged(1, { by: id });
  }
  return a;
}

/** Entries of one epoch from the available master `b`. */
export function append(
  from: { prevSeq: number; prevEpoch: number; epoch: number },
  epochs: readonly number[] = [],
  more: { committedSeq?: number; sentAtMs?: number } = {},
): ReplicaEvent {
  const runs = epochs.map((epoch) => ({ epoch, count: 1 }));
  return { kind: 'append', from: 'b', committedSeq: 0, sentAtMs: 7, ...from, runs, ...more };
}
