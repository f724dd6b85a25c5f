import type { Clock } from '../../clock.js';
import { type IntakeStream, readInto } from './intake.js';

/** Requests that were read and wait for the handler; the stream is paused at the bound. */
const maxWaiting = 16;

/** The requests of a call as an iterable, for one reader. It ends when the client has sent all, and throws the reason when the call ends before. */
export class Requests<Request> implements AsyncIterable<Request> {
  readonly #stream: IntakeStream;
  readonly #signal: AbortSignal;
  readonly #waiting: Request[] = [];
  #ending: { readonly error?: unknown } | undefined;
  /** The reader has had enough. */
  #read = false;
  #wake: (() => void) | undefined;

  constructor(stream: IntakeStream, signal: AbortSignal, clock: Clock) {
    this.#stream = stream;
    this.#signal = signal;
    const listener = {
      onMessage: (request: Request) => {
        if (this.#read) return;
        this.#waiting.push(request);
        if (this.#waiting.length >= maxWaiting) stream.pause();
        this.#wake?.();
      },
      onEnd: () => this.#end({}),
      onFailed: (error: unknown) => this.#end({ error }),
    };
    readInto(stream, listener, clock);
    signal.addEventListener('abort', () => this.#end({ error: signal.reason }), { once: true });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Request, void, undefined> {
    try {
      for (;;) {
        const request = this.#waiting.shift();
        if (this.#signal.aborted) throw this.#signal.reason;
        if (request !== undefined) {
          if (this.#stream.isPaused()) this.#stream.resume();
          yield request;
        } else if (this.#ending !== undefined) {
          if ('error' in this.#ending) throw this.#ending.error;
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      // Whoever stops reading early lets the rest go by.
      this.#read = true;
      this.#waiting.length = 0;
      this.#stream.resume();
    }
  }

  #end(ending: { readonly error?: unknown }): void {
    this.#ending ??= ending;
    this.#wake?.();
  }
}
