// One standby's stream, as the available master sees it: where it is, and what is on its way.
import type { OpenOut, Refusal } from '@everline/chassis';
import { type ReplicateResponse, ReplicateResponse as Response } from '@everline/contracts';
import { notAvailableHere, refusal } from '../errors.js';

/** Why the available master ends a standby's stream. */
export type Ended = 'replaced' | 'not-available' | 'data-lost' | 'diverged' | 'moved';

export class StandbyStream {
  readonly masterId: string;
  readonly incarnation: string;
  readonly #out: OpenOut<ReplicateResponse>;
  readonly #onWindow: Sent[] = [];
  #inFlightBytes = 0;
  #nextSeq = 0;
  #blocked = false;
  #resting = false;
  #sentAtMs = Number.NEGATIVE_INFINITY;

  constructor(masterId: string, incarnation: string, out: OpenOut<ReplicateResponse>) {
    this.masterId = masterId;
    this.incarnation = incarnation;
    this.#out = out;
  }

  /** A guess; what is acknowledged is the replica's to know (M3). */
  get nextSeq(): number {
    return this.#nextSeq;
  }

  /** Whether it has been said where to begin, and not been taken back. */
  get known(): boolean {
    return this.#nextSeq > 0;
  }

  /** Takes a beat: nothing is stuck before it. */
  get idle(): boolean {
    return this.known && !this.#blocked;
  }

  get sentAtMs(): number {
    return this.#sentAtMs;
  }

  goTo(nextSeq: number): void {
    this.#nextSeq = nextSeq;
    this.#onWindow.length = 0;
    this.#inFlightBytes = 0;
  }

  room(maxWindowBytes: number): boolean {
    return this.known && !this.#blocked && !this.#resting && this.#inFlightBytes < maxWindowBytes;
  }

  send(message: Buffer, toSeq: number, sentAtMs: number): void {
    this.#sentAtMs = sentAtMs;
    if (toSeq >= this.#nextSeq) {
      this.#nextSeq = toSeq + 1;
      this.#onWindow.push({ toSeq, bytes: message.length });
      this.#inFlightBytes += message.length;
    }
    if (!this.#out.write(message)) this.#blocked = true;
  }

  /** There is more to send, after others have had their turn. */
  rest(): void {
    this.#resting = true;
  }

  rested(): void {
    this.#resting = false;
  }

  /** A write is welcome again. */
  unblocked(): void {
    this.#blocked = false;
  }

  acknowledged(seq: number): void {
    while (this.#onWindow[0] !== undefined && this.#onWindow[0].toSeq <= seq) {
      this.#inFlightBytes -= this.#onWindow.shift()?.bytes ?? 0;
    }
  }

  needSnapshot(firstSeq: number): void {
    this.#nextSeq = 0;
    const value = { firstSeq: BigInt(firstSeq) };
    this.#out.write(Buffer.from(Response.encode({ response: { $case: 'snapshotNeeded', value } }).finish()));
  }

  end(why: Ended, address = '', epoch = 0): void {
    this.#out.fail(refusalFor(why, address, epoch));
  }
}

function refusalFor(why: Ended, address: string, epoch: number): Refusal {
  switch (why) {
    case 'replaced':
      return refusal('DUPLICATE_INCARNATION', 'a newer stream of this master took its place');
    case 'data-lost':
      return refusal('DATA_LOST');
    case 'diverged':
      return refusal('DATA_LOST', 'more is committed there than this journal holds');
    case 'not-available':
    case 'moved':
      return notAvailableHere(address, epoch);
  }
}

interface Sent {
  readonly toSeq: number;
  readonly bytes: number;
}
