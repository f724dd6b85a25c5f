// Replicate, at the available master: a standby says hello, then acknowledges.
import type { BidiCallbacks, BidiListener, Cancel, Clock, OpenOut } from '@everline/chassis';
import type {
  Acknowledgement,
  ReplicateHello,
  ReplicateRequest,
  ReplicateResponse,
} from '@everline/contracts';
import { isReign } from '@everline/protocol/replica';
import { refusal } from '../errors.js';
import type { JournalStore } from './journal-store.js';
import type { ReplicaHost } from './replica-host.js';
import type { Shipper } from './shipper.js';
import { StandbyStream } from './standby-stream.js';
import { acknowledgementEvent, helloEvent } from './wire.js';

export interface ReplicateOptions {
  readonly host: ReplicaHost;
  readonly shipper: Shipper;
  readonly store: Pick<JournalStore, 'facts'>;
  readonly clock: Clock;
}

/** The router tells two masters of a new epoch at the same time: a hello may overtake its word to the one that is named. */
const overtakenMs = 200;

export function replicate(options: ReplicateOptions): BidiCallbacks<ReplicateRequest, ReplicateResponse> {
  return {
    open: (_context, out) => new Standby(options, out),
  };
}

class Standby implements BidiListener<ReplicateRequest> {
  readonly #options: ReplicateOptions;
  readonly #out: OpenOut<ReplicateResponse>;
  #stream: StandbyStream | undefined;
  #cancelWait: Cancel = () => undefined;
  #greeted = false;

  constructor(options: ReplicateOptions, out: OpenOut<ReplicateResponse>) {
    this.#options = options;
    this.#out = out;
  }

  onMessage({ request }: ReplicateRequest): void {
    if (request?.$case === 'hello' && !this.#greeted) this.#begin(request.value);
    else if (request?.$case === 'acknowledgement' && this.#stream !== undefined)
      this.#hear(request.value, this.#stream);
    else throw refusal('FIELD_INVALID', 'the first request is a hello, and only the first');
  }

  #hear(heard: Acknowledgement, stream: StandbyStream): void {
    const event = acknowledgementEvent(heard);
    if (event === undefined || event.masterId !== stream.masterId) return; // M3
    const { host, shipper } = this.#options;
    host.dispatch(event);
    if (event.verdict === 'accepted') shipper.acknowledged(stream.masterId, event.seq);
  }

  onReady(): void {
    this.#stream?.unblocked();
    this.#options.shipper.shipAll();
  }

  /** It leaves for good: its return need not be waited for. */
  onEnd(): void {
    const masterId = this.#lose();
    if (masterId !== undefined) this.#options.host.dispatch({ kind: 'unreachable', masterId });
    this.#out.end();
  }

  onClosed(): void {
    this.#lose();
  }

  #lose(): string | undefined {
    const { host, shipper } = this.#options;
    const stream = this.#stream;
    this.#cancelWait();
    if (stream === undefined || !shipper.detach(stream)) return undefined;
    const { masterId } = stream;
    host.dispatch({ kind: 'standby-lost', masterId });
    return masterId;
  }

  /** R9, R10: nothing is shared with another cluster, or with a history that was given up. */
  #begin(hello: ReplicateHello): void {
    const { host, store, clock } = this.#options;
    const { clusterId, history } = store.facts();
    if (hello.clusterId !== clusterId) throw refusal('FOREIGN_CLUSTER');
    // The router tells either of them which one holds.
    if (hello.history !== history) throw refusal('NOT_AVAILABLE_MASTER', 'of another history');
    this.#greeted = true;
    const { role, standing } = host.replica;
    if (isReign(role) || Number(hello.epoch) <= (standing.configuration?.epoch ?? 0)) {
      this.#welcome(hello);
      return;
    }
    const cancelTimer = clock.after(overtakenMs, () => this.#welcome(hello));
    const cancelListen = host.onChange(() => this.#welcome(hello));
    this.#cancelWait = () => {
      cancelTimer();
      cancelListen();
    };
  }

  #welcome(hello: ReplicateHello): void {
    const { host, shipper } = this.#options;
    this.#cancelWait();
    this.#stream = new StandbyStream(hello.masterId, hello.incarnation, this.#out);
    shipper.attach(this.#stream);
    host.dispatch(helloEvent(hello));
  }
}
