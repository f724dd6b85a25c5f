import type { Cancel } from '@everline/chassis/clock';
import { refusalOf } from '@everline/chassis/errors';
import type { SnsServiceClient } from '@everline/contracts';
import { type Attempts, afterTry, noAttempts, tryIn } from '@everline/protocol/caller';
import { type ClientUnaryCall, type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { CallOptions } from '../client.js';
import type { Context } from '../context.js';
import { Closed, Unknown, Unreachable } from '../errors.js';
import { learnFrom } from '../masters/learn.js';
import type { Place } from '../masters/place.js';
import { waitedForMaster } from '../masters/waited-for.js';
import { times } from '../times.js';
import { type CallEnd, tryEndOf } from './judgement.js';
import { refusedBy } from './refused-by.js';

/** One unary call to whichever master serves. */
export interface SnsCommand<Response> {
  /** Made before the first try, and part of the request (C1). Undefined: it only reads. */
  readonly id: string | undefined;
  /** It was sent before, on a stream, with an open outcome. */
  readonly mayBeDone?: boolean;
  readonly send: (
    sns: SnsServiceClient,
    metadata: Metadata,
    options: { readonly deadline: number },
    done: (error: ServiceError | null, response: Response) => void,
  ) => ClientUnaryCall;
}

/** C4: resolves when it is done, rejects with `Refused` or `Unreachable` when it certainly is not, with `Unknown` otherwise. */
export function callSns<Response>(
  context: Context,
  command: SnsCommand<Response>,
  options: CallOptions = {},
): Promise<Response> {
  return new Promise((resolve, reject) =>
    new SnsCall(context, command, options, { resolve, reject }).start(),
  );
}

const nothing = (): void => {};

class SnsCall<Response> {
  readonly #context: Context;
  readonly #command: SnsCommand<Response>;
  readonly #signal: AbortSignal | undefined;
  readonly #settle: { resolve: (response: Response) => void; reject: (error: unknown) => void };
  readonly #timeoutMs: number;
  readonly #begunMs: number;
  /** Ends what it waits for at present. */
  #stopWaiting: Cancel = nothing;
  #waitsFor: () => string = () => 'its turn';
  #stopDeadline: Cancel = nothing;
  #stopClose: Cancel = nothing;
  #attempts: Attempts;

  constructor(
    context: Context,
    command: SnsCommand<Response>,
    { signal, timeoutMs = context.timeoutMs }: CallOptions,
    settle: { resolve: (response: Response) => void; reject: (error: unknown) => void },
  ) {
    this.#context = context;
    this.#command = command;
    this.#attempts = noAttempts(command.mayBeDone);
    this.#signal = signal;
    this.#settle = settle;
    this.#timeoutMs = timeoutMs;
    this.#begunMs = context.clock.nowMs();
  }

  start(): void {
    const { clock, lifetime } = this.#context;
    if (lifetime.closed) {
      this.#settle.reject(new Closed());
      return;
    }
    if (this.#signal?.aborted) {
      this.#settle.reject(this.#signal.reason);
      return;
    }
    this.#stopDeadline = clock.after(this.#timeoutMs, this.#expire);
    this.#stopClose = lifetime.onClose((why) => this.#fail(why));
    this.#signal?.addEventListener('abort', this.#abort);
    this.#step();
  }

  readonly #step = (): void => {
    const { masters } = this.#context;
    const { place } = masters;
    if (place !== undefined) {
      this.#try(place);
      return;
    }
    this.#waitsFor = () => waitedForMaster(this.#context);
    this.#stopWaiting = masters.whenOpen(this.#step);
  };

  #try(place: Place): void {
    const { clock } = this.#context;
    this.#attempts = tryIn(this.#attempts, place.epoch);
    const sentMs = clock.nowMs();
    let over = false;
    const finish = (): void => {
      over = true;
      stopEnd();
      this.#stopWaiting = nothing;
    };
    // When less is left, the call's own deadline ends the try.
    const options = { deadline: clock.wallMs() + times.tryMs };
    const call = this.#command.send(place.sns, this.#context.home.metadata, options, (error, response) => {
      if (over) return;
      finish();
      if (error !== null) return this.#failed(place, error, sentMs);
      place.heard();
      this.#done();
      this.#settle.resolve(response);
    });
    // A try ends as soon as its master is known not to be the available one any more: a hung one does not eat the deadline.
    const stopEnd = place.onEnd(({ why }) => {
      finish();
      // After the call has gone on elsewhere: that is what somebody waits for.
      clock.soon(() => call.cancel());
      this.#judge({ kind: 'cut' }, place, why);
    });
    this.#waitsFor = () => `an answer of the master ${place.address} in epoch ${place.epoch}`;
    this.#stopWaiting = () => {
      finish();
      this.#attempts = { ...this.#attempts, mayBeDone: true };
      call.cancel();
    };
  }

  #failed(place: Place, error: ServiceError, sentMs: number): void {
    const refusal = refusalOf(error);
    if (refusal !== undefined) {
      place.heard();
      learnFrom(refusal, this.#context);
      const { code, reason, retryAfterMs } = refusal;
      this.#judge({ kind: 'refused', code, reason, retryAfterMs }, place, refusal.message, error);
      return;
    }
    if (error.code === status.DEADLINE_EXCEEDED) {
      // Slow, or hung: hung when it has said nothing to anybody here for the whole try.
      if ((place.heardAtMs ?? -1) < sentMs) this.#context.masters.doubt(place, 'no answer within one try');
      this.#judge({ kind: 'cut' }, place, 'no answer within one try');
      return;
    }
    this.#judge({ kind: 'failed', code: error.code }, place, error.details, error);
  }

  #judge(end: CallEnd, place: Place, said: string, error?: ServiceError): void {
    const { masters, random } = this.#context;
    const { attempts, next } = afterTry(this.#attempts, tryEndOf(end), random);
    this.#attempts = attempts;
    if (next.kind === 'end') {
      this.#waitsFor = () => `another answer than: ${said}`;
      this.#fail(next.open || error === undefined ? this.#unknown(error) : refusedBy(error));
      return;
    }
    if (next.doubt) masters.doubt(place, said);
    if (next.pauseMs === undefined) this.#step();
    else this.#pause(place, said, next.pauseMs);
  }

  #pause(place: Place, said: string, pauseMs: number): void {
    if (pauseMs === 0 || place.ended !== undefined) {
      this.#step();
      return;
    }
    this.#waitsFor = () => `the master ${place.address} in epoch ${place.epoch}, which said: ${said}`;
    const wake = (): void => {
      this.#stopWaiting();
      this.#step();
    };
    const stopPause = this.#context.clock.after(pauseMs, wake);
    const stopEnd = place.onEnd(wake);
    this.#stopWaiting = () => {
      this.#stopWaiting = nothing;
      stopPause();
      stopEnd();
    };
  }

  readonly #expire = (): void => {
    // Before the wait is ended: that may empty what it waits for.
    const waitedFor = this.#waitsFor();
    this.#stopWaiting();
    this.#waitsFor = () => waitedFor;
    if (this.#attempts.mayBeDone && this.#command.id !== undefined) {
      this.#fail(this.#unknown(undefined));
      return;
    }
    this.#fail(new Unreachable(this.#waited()));
  };

  readonly #abort = (): void => this.#fail(this.#signal?.reason);

  #unknown(cause: unknown): Error {
    const { id } = this.#command;
    if (id === undefined) return new Unreachable(this.#waited(), { cause });
    return new Unknown({ ...this.#waited(), id }, { cause });
  }

  #waited(): { waitedFor: string; waitedMs: number } {
    return { waitedFor: this.#waitsFor(), waitedMs: this.#context.clock.nowMs() - this.#begunMs };
  }

  #fail(error: unknown): void {
    this.#stopWaiting();
    this.#done();
    this.#settle.reject(error);
  }

  #done(): void {
    this.#stopDeadline();
    this.#stopClose();
    this.#signal?.removeEventListener('abort', this.#abort);
  }
}
