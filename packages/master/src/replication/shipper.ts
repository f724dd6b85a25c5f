// Sends the journal to the standbys, each from where it is. What it has acknowledged is the replica's to know (M3).
import type { Clock } from '@everline/chassis';
import { isReign, type Reign } from '@everline/protocol/replica';
import type { JournalStore } from './journal-store.js';
import type { ReplicaHost } from './replica-host.js';
import type { Ended, StandbyStream } from './standby-stream.js';
import { encodeAppend } from './wire.js';

export interface ShipperOptions {
  readonly host: ReplicaHost;
  readonly clock: Clock;
  readonly beatMs: number;
  readonly store: Pick<JournalStore, 'positions' | 'epochAt' | 'read'>;
}

/** One message, and all of a turn of the loop: who posts meanwhile waits for it, half a millisecond. A standby's catch-up comes in such pieces. */
const maxMessageBytes = 64 * 1024;
/** Sent and not acknowledged, for one standby. */
const maxWindowBytes = 4 * 1024 * 1024;

interface Encoded {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly sentAtMs: number;
  readonly message: Buffer;
}

export class Shipper {
  readonly #options: ShipperOptions;
  readonly #streams = new Map<string, StandbyStream>();
  /** Standbys that are up to date get the same bytes. */
  #encoded: Encoded | undefined;

  constructor(options: ShipperOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#streams.size;
  }

  /** A newer stream of the same master takes the place of an older one. */
  attach(stream: StandbyStream): void {
    const former = this.#streams.get(stream.masterId);
    this.#streams.set(stream.masterId, stream);
    former?.end('replaced');
  }

  /** False when another stream has taken its place: then the standby is not lost. */
  detach(stream: StandbyStream): boolean {
    if (this.#streams.get(stream.masterId) !== stream) return false;
    this.#streams.delete(stream.masterId);
    return true;
  }

  streamOf(masterId: string): StandbyStream | undefined {
    return this.#streams.get(masterId);
  }

  /** The replica knows where this one is: go on from there. */
  ship(masterId: string): void {
    const stream = this.#streams.get(masterId);
    const { role } = this.#options.host.replica;
    if (stream === undefined || !isReign(role)) return;
    const peer = role.peers.find((one) => one.masterId === masterId);
    if (peer === undefined) return;
    stream.goTo(peer.nextSeq);
    if (!this.#pump(stream, role)) this.#beat(stream, role);
  }

  shipAll(): void {
    const { role } = this.#options.host.replica;
    if (isReign(role)) for (const stream of this.#streams.values()) this.#pump(stream, role);
  }

  /** After an acknowledgement the window has room. */
  acknowledged(masterId: string, seq: number): void {
    const stream = this.#streams.get(masterId);
    const { role } = this.#options.host.replica;
    if (stream === undefined || !isReign(role)) return;
    stream.acknowledged(seq);
    this.#pump(stream, role);
  }

  /** Every beat, to whom nothing was sent since the last. */
  beat(): void {
    const { host, clock, beatMs } = this.#options;
    const { role } = host.replica;
    if (!isReign(role)) return;
    const dueMs = clock.nowMs() - beatMs / 2;
    for (const stream of this.#streams.values()) {
      if (stream.idle && stream.sentAtMs <= dueMs) this.#beat(stream, role);
    }
  }

  /** The role has moved, or the process ends. */
  endAll(why: Ended): void {
    for (const stream of [...this.#streams.values()]) stream.end(why);
  }

  /** True when something was sent. */
  #pump(stream: StandbyStream, reign: Reign): boolean {
    const { store, host, clock } = this.#options;
    const { lastSeq, firstSeq } = store.positions();
    if (stream.nextSeq > lastSeq || !stream.room(maxWindowBytes)) return false;
    const message = this.#messageFrom(stream.nextSeq, reign);
    if (message === undefined) {
      stream.needSnapshot(firstSeq);
      return false;
    }
    stream.send(message.message, message.toSeq, message.sentAtMs);
    if (stream.nextSeq <= lastSeq) {
      stream.rest();
      clock.soon(() => this.#goOn(stream));
    }
    host.dispatch({ kind: 'shipped', masterId: stream.masterId, seq: stream.nextSeq - 1 });
    return true;
  }

  #goOn(stream: StandbyStream): void {
    stream.rested();
    const { role } = this.#options.host.replica;
    if (isReign(role) && this.#streams.get(stream.masterId) === stream) this.#pump(stream, role);
  }

  #beat(stream: StandbyStream, reign: Reign): void {
    const { store, host, clock } = this.#options;
    const prevSeq = stream.nextSeq - 1;
    const prevEpoch = prevSeq === 0 ? 0 : store.epochAt(prevSeq);
    if (!stream.known || prevEpoch === undefined) return;
    const { committedSeq } = host.replica.standing;
    const sentAtMs = clock.nowMs();
    const { epoch } = reign;
    stream.send(
      encodeAppend({ epoch, prevSeq, prevEpoch, entries: [], committedSeq, sentAtMs }),
      prevSeq,
      sentAtMs,
    );
  }

  /** Undefined when the journal begins after `fromSeq`. */
  #messageFrom(fromSeq: number, { epoch }: Reign): Encoded | undefined {
    const { store, host, clock } = this.#options;
    const known = this.#encoded;
    if (known?.fromSeq === fromSeq && known.toSeq === store.positions().lastSeq) return known;
    const prevSeq = fromSeq - 1;
    const prevEpoch = prevSeq === 0 ? 0 : store.epochAt(prevSeq);
    const entries = store.read(fromSeq, maxMessageBytes);
    const toSeq = entries.at(-1)?.seq;
    if (prevEpoch === undefined || toSeq === undefined) return undefined;
    const { committedSeq } = host.replica.standing;
    const sentAtMs = clock.nowMs();
    const message = encodeAppend({ epoch, prevSeq, prevEpoch, entries, committedSeq, sentAtMs });
    this.#encoded = { fromSeq, toSeq, sentAtMs, message };
    return this.#encoded;
  }
}
