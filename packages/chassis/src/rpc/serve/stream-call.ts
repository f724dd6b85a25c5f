import { type ServerDuplexStream, type ServerWritableStream, status } from '@grpc/grpc-js';
import { isAbort } from '../../errors.js';
import type { OpenOut } from '../handlers.js';
import { type Active, admit } from './calls.js';
import { ServedCall } from './served-call.js';
import { failureStatus, type Serving, sendGuarded } from './serving.js';

type Transport<Response> =
  | ServerWritableStream<unknown, Response | Uint8Array>
  | ServerDuplexStream<unknown, Response | Uint8Array>;

/** A call with a stream of answers, from its admission to its close. Its end is sent once, whoever asks first. */
export class StreamCall<Response> implements Active, OpenOut<Response> {
  readonly kind = 'stream';
  readonly context: ServedCall;
  readonly #transport: Transport<Response>;
  readonly #serving: Serving;
  #onClosed: (() => void) | undefined;

  constructor(transport: Transport<Response>, serving: Serving) {
    this.#transport = transport;
    this.#serving = serving;
    this.context = new ServedCall(transport, serving.clock);
  }

  /** False when it was refused. */
  admit(): boolean {
    return admit(this, this.#transport, this.#serving.calls, () => this.#closed());
  }

  /** `fn` is called once, when the call is over. */
  onClosed(fn: () => void): void {
    this.#onClosed = fn;
  }

  write(message: Response | Uint8Array): boolean {
    if (this.ended) return false;
    return this.#transport.write(message);
  }

  ready(): Promise<void> {
    if (!this.ended && !this.#transport.writableNeedDrain) return Promise.resolve();
    const drained = new Promise<void>((resolve, reject) => {
      const { signal } = this.context;
      const settle = (): void => {
        this.#transport.off('drain', settle);
        signal.removeEventListener('abort', settle);
        const { aborted, reason } = this.context;
        if (aborted) reject(reason);
        else if (this.ended) reject(new Error('the call has ended'));
        else resolve();
      };
      if (this.ended || signal.aborted) return settle();
      this.#transport.on('drain', settle);
      signal.addEventListener('abort', settle);
    });
    // A handler that does not wait for it must not be the end of the process.
    drained.catch(() => {});
    return drained;
  }

  get pending(): number {
    return this.#transport.writableLength;
  }

  get ended(): boolean {
    return this.context.over || this.#transport.cancelled || this.#transport.destroyed;
  }

  end(): void {
    this.#finish(() => {
      this.#serving.count?.(this.context.method, status.OK);
      this.#transport.end();
    });
  }

  readonly fail = (error: unknown): void => {
    // An AbortError is what a handler gets from those to whom it gave the signal.
    const said = isAbort(error) ? (this.context.reason ?? error) : error;
    this.#finish(() =>
      this.#transport.emit('error', failureStatus(said, this.context.method, this.#serving)),
    );
  };

  /** The handler has returned: OK, or the reason of the signal when that is why it returned. */
  readonly done = (): void => {
    const { aborted, reason } = this.context;
    if (aborted) this.fail(reason);
    else this.end();
  };

  #finish(send: () => void): void {
    if (this.context.over) return;
    this.context.finish();
    if (!this.#transport.cancelled && !this.#transport.destroyed)
      sendGuarded(send, this.context.method, this.#serving);
  }

  #closed(): void {
    this.context.callerGone();
    this.context.finish();
    try {
      this.#onClosed?.();
    } catch (error) {
      this.#serving.log.error({ error, method: this.context.method }, 'a handler failed after its call');
    }
  }
}
