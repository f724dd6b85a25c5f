// A standby's stream from the available master: hello, entries, acknowledgements (M2). One stream, from the dial to its end.

import { type Clock, failureOf, type RpcChannel } from '@everline/chassis';
import {
  type Append,
  type ReplicateHello,
  type ReplicateResponse,
  ReplicationServiceClient,
} from '@everline/contracts';
import type { Acknowledge } from '@everline/protocol/replica';
import type { ServiceError } from '@grpc/grpc-js';
import { decodeEntry } from '../store/journal-entry.js';
import type { JournalHand } from './journal-hand.js';
import type { ReplicaHost } from './replica-host.js';
import { acknowledgementMessage, appendEvent } from './wire.js';

export interface SourceLinkOptions {
  readonly host: ReplicaHost;
  readonly hand: Pick<JournalHand, 'arrive'>;
  readonly clock: Clock;
  /** The first sign that the other side takes part. */
  readonly onHeard: () => void;
  /** Why the stream is over. */
  readonly onEnded: (ending: SourceEnding) => void;
}

/** How a stream from the available master ends. */
export type SourceEnding =
  | { readonly kind: 'failed'; readonly error: Error }
  /** The journal there begins after what is here. */
  | { readonly kind: 'snapshot-needed' }
  | { readonly kind: 'closed' };

type Duplex = ReturnType<InstanceType<typeof ReplicationServiceClient>['replicate']>;

/** So long a stream that was left stays open; nothing that comes on it counts. */
const partingMs = 100;

export class SourceLink {
  readonly masterId: string;
  readonly sinceMs: number;
  readonly #options: SourceLinkOptions;
  readonly #hello: ReplicateHello;
  readonly #stream: Duplex;
  #heardAtMs: number;
  #heard = false;
  #over = false;

  constructor(masterId: string, channel: RpcChannel, hello: ReplicateHello, options: SourceLinkOptions) {
    this.masterId = masterId;
    this.#options = options;
    this.#hello = hello;
    this.sinceMs = options.clock.nowMs();
    this.#heardAtMs = this.sinceMs;
    this.#stream = channel.client(ReplicationServiceClient).replicate();
    this.#stream.on('data', (response: ReplicateResponse) => this.#guarded(() => this.#take(response)));
    this.#stream.on('error', (error: ServiceError) => this.#end({ kind: 'failed', error: failureOf(error) }));
    this.#stream.on('end', () => this.#end({ kind: 'failed', error: new Error('the stream was ended') }));
    this.#stream.write({ request: { $case: 'hello', value: hello } });
  }

  /** Since the last sign of life. */
  silentMs(nowMs: number): number {
    return nowMs - this.#heardAtMs;
  }

  acknowledge(effect: Acknowledge): void {
    if (this.#over) return;
    const { masterId, incarnation } = this.#hello;
    const value = acknowledgementMessage(effect, masterId, incarnation);
    this.#stream.write({ request: { $case: 'acknowledgement', value } });
  }

  close(): void {
    this.#end({ kind: 'closed' });
  }

  /** For good, and said so: nobody waits for it to come back. Calls `left` when that was understood, or the stream is over. */
  leave(left: () => void): void {
    this.#over = true;
    this.#stream.once('end', left).once('error', left);
    this.#stream.end();
  }

  #take({ response }: ReplicateResponse): void {
    this.#heardAtMs = this.#options.clock.nowMs();
    if (!this.#heard) this.#options.onHeard();
    this.#heard = true;
    if (response?.$case === 'append') this.#append(response.value);
    if (response?.$case === 'snapshotNeeded') this.#end({ kind: 'snapshot-needed' });
  }

  #append(append: Append): void {
    const { hand, host } = this.#options;
    const entries = append.entries.map(decodeEntry);
    let seq = Number(append.prevSeq);
    for (const entry of entries) {
      if (entry.seq !== ++seq) throw new Error(`entry ${entry.seq} came in the place of ${seq}`);
    }
    hand.arrive(entries);
    host.dispatch(appendEvent(this.masterId, append, entries));
  }

  /** A damaged message ends the stream, and the next one brings it anew; a throw in a listener would end the process. */
  #guarded(run: () => void): void {
    if (this.#over) return;
    try {
      run();
    } catch (error) {
      this.#end({ kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
    }
  }

  #end(ending: SourceEnding): void {
    if (this.#over) return;
    this.#over = true;
    // To end a stream is milliseconds of work. Whoever leaves it may be the next available master, and is waited for.
    if (ending.kind === 'closed') this.#options.clock.after(partingMs, () => this.#stream.cancel());
    else this.#stream.cancel();
    this.#options.onEnded(ending);
  }
}
