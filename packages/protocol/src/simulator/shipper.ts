// Sends the journal to the standbys, each from where it is; and beats when there is nothing to send.
import { type Acknowledgement, isReign, type Reign } from '../replica/index.js';
import type { Line, LineEnd } from './line.js';
import type { Master } from './master.js';
import type { Heard, HelloMessage, Shipment } from './messages.js';

interface StandbyStream {
  readonly masterId: string;
  readonly line: Line;
  /** A guess; 0 until it is known. */
  nextSeq: number;
  sentAtMs: number;
}

/** A catch-up comes in pieces of this size. */
const mostEntries = 40;
const mostAtOnce = 2;

export class Shipper {
  readonly #master: Master;
  readonly #streams = new Map<string, StandbyStream>();

  constructor(master: Master) {
    this.#master = master;
  }

  /** A standby came: its stream takes the place of an older one. */
  accept(line: Line, { hello, clusterId }: HelloMessage): LineEnd | undefined {
    const master = this.#master;
    if (clusterId !== master.store.facts.clusterId) return undefined;
    const { masterId } = hello;
    const stream: StandbyStream = {
      masterId,
      line,
      nextSeq: 0,
      sentAtMs: Number.NEGATIVE_INFINITY,
    };
    this.#streams.get(masterId)?.line.close(1, 'ended', 'replaced');
    this.#streams.set(masterId, stream);
    master.host.dispatch(hello);
    return {
      onMessage: (message) => this.#hear((message as Heard).heard, stream),
      onClosed: () => this.#lost(stream),
    };
  }

  ship(masterId: string): void {
    const { role } = this.#master.host.replica;
    const stream = this.#streams.get(masterId);
    if (stream === undefined || !isReign(role)) return;
    const peer = role.peers.find((one) => one.masterId === masterId);
    if (peer === undefined) return;
    stream.nextSeq = peer.nextSeq;
    if (!this.#pump(stream, role)) this.#beat(stream, role);
  }

  shipAll(): void {
    const { role } = this.#master.host.replica;
    if (isReign(role)) for (const stream of this.#streams.values()) this.#pump(stream, role);
  }

  /** Every beat, to whom nothing was sent since the last. */
  beat(): void {
    const { role, settings } = this.#master.host.replica;
    if (!isReign(role)) return;
    const dueMs = this.#master.nowMs - settings.beatMs / 2;
    for (const stream of this.#streams.values()) if (stream.sentAtMs <= dueMs) this.#beat(stream, role);
  }

  needSnapshot(masterId: string): void {
    const stream = this.#streams.get(masterId);
    if (stream === undefined) return;
    stream.nextSeq = 0;
    this.#send(stream, { kind: 'snapshot-needed' });
  }

  end(masterId: string, why: string): void {
    const stream = this.#streams.get(masterId);
    if (stream !== undefined) this.#end(stream, why);
  }

  endAll(why: string): void {
    for (const stream of [...this.#streams.values()]) this.#end(stream, why);
  }

  #end(stream: StandbyStream, why: string): void {
    stream.line.close(1, 'ended', why);
    this.#lost(stream);
  }

  #lost(stream: StandbyStream): void {
    if (this.#streams.get(stream.masterId) !== stream) return;
    this.#streams.delete(stream.masterId);
    this.#master.host.dispatch({ kind: 'standby-lost', masterId: stream.masterId });
  }

  #hear(heard: Acknowledgement, stream: StandbyStream): void {
    this.#master.host.dispatch(heard);
    const { role } = this.#master.host.replica;
    if (heard.verdict === 'accepted' && isReign(role) && stream.nextSeq > 0) this.#pump(stream, role);
  }

  /** True when something was sent. */
  #pump(stream: StandbyStream, reign: Reign): boolean {
    const { store, host, world } = this.#master;
    let sent = 0;
    while (stream.nextSeq > 0 && stream.nextSeq <= store.journal.lastSeq) {
      if (sent === mostAtOnce) {
        this.#master.later(0.2, () => this.shipAll());
        break;
      }
      const entries = store.journal.read(stream.nextSeq, mostEntries);
      if (entries.length === 0) {
        this.needSnapshot(stream.masterId);
        break;
      }
      this.#append(stream, reign, entries);
      sent++;
    }
    if (sent > 0) {
      world.counters.count('shipments', sent);
      host.dispatch({ kind: 'shipped', masterId: stream.masterId, seq: stream.nextSeq - 1 });
    }
    return sent > 0;
  }

  #beat(stream: StandbyStream, reign: Reign): void {
    if (stream.nextSeq > 0) this.#append(stream, reign, []);
  }

  #append(
    stream: StandbyStream,
    reign: Reign,
    entries: Extract<Shipment, { kind: 'append' }>['entries'],
  ): void {
    const { store, host } = this.#master;
    const prevSeq = stream.nextSeq - 1;
    const prevEpoch = prevSeq === 0 ? 0 : store.journal.epochAt(prevSeq);
    if (prevEpoch === undefined) return;
    stream.sentAtMs = this.#master.nowMs;
    const append = {
      kind: 'append',
      from: store.masterId,
      epoch: reign.epoch,
      prevSeq,
      prevEpoch,
      runs: entries.map(({ epoch }) => ({ epoch, count: 1 })),
      committedSeq: host.replica.standing.committedSeq,
      sentAtMs: stream.sentAtMs,
    } as const;
    stream.nextSeq += entries.length;
    this.#send(stream, { kind: 'append', append, entries });
  }

  #send(stream: StandbyStream, shipment: Shipment): void {
    stream.line.send(1, shipment);
  }
}
