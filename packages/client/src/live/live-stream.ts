import type { Cancel } from '@everline/chassis/clock';
import { refusalOf } from '@everline/chassis/errors';
import { createFailureDetector, type FailureDetector } from '@everline/chassis/failure-detector';
import type { TimelineRequest, TimelineResponse } from '@everline/contracts';
import type { ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import { judge } from '../calls/judgement.js';
import type { Context } from '../context.js';
import { learnFrom } from '../masters/learn.js';
import type { Place } from '../masters/place.js';
import { times } from '../times.js';

export type TimelineCall = ClientDuplexStream<TimelineRequest, TimelineResponse>;

export type StreamEnd =
  /** Its master is not the available one any more. */
  | { readonly kind: 'moved'; readonly why: string }
  /** The connection broke or was silent for too long, and was thrown away. */
  | { readonly kind: 'broken'; readonly why: string }
  /** The master ended it, mostly with a reason. */
  | { readonly kind: 'refused'; readonly why: string; readonly final: boolean; readonly error: ServiceError };

export interface StreamUser {
  readonly onMessage: (message: TimelineResponse) => void;
  /** Once. */
  readonly onEnd: (end: StreamEnd) => void;
}

/** One `Timeline` stream to one master, ended as soon as that is not the available one any more, or silent for too long. */
export class LiveStream {
  readonly place: Place;
  readonly #context: Context;
  readonly #user: StreamUser;
  readonly #stream: TimelineCall;
  readonly #stop: Cancel;
  #detector: FailureDetector;
  #spoke = false;
  #paused = false;
  #over = false;

  constructor({ place, call }: { place: Place; call: TimelineCall }, user: StreamUser, context: Context) {
    this.place = place;
    this.#context = context;
    this.#user = user;
    this.#detector = this.#listen(times.firstWordMs);
    const stopTicks = context.clock.every(times.tickMs, () => this.#tick());
    const stopEnd = place.onEnd(({ kind, why }) =>
      this.#end({ kind: kind === 'moved' ? 'moved' : 'broken', why }),
    );
    this.#stop = () => {
      stopTicks();
      stopEnd();
    };
    this.#stream = call;
    this.#stream.on('data', (message: TimelineResponse) => this.#take(message));
    this.#stream.on('error', (error: ServiceError) => this.#failed(error));
    this.#stream.on('end', () => this.#end({ kind: 'broken', why: 'the master ended the stream' }));
  }

  write(request: TimelineRequest): void {
    if (!this.#over) this.#stream.write(request);
  }

  /** Reads no more, so that the master holds back what it has. */
  pause(): void {
    this.#paused = true;
    this.#stream.pause();
  }

  resume(): void {
    this.#paused = false;
    // Until now the silence was our own.
    this.#detector = this.#listen(this.#context.suspicionMs);
    this.#stream.resume();
  }

  /** Ends it without a word to its user. */
  cancel(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stop();
    this.#stream.cancel();
  }

  #take(message: TimelineResponse): void {
    if (this.#over) return;
    if (!this.#spoke) this.#detector = this.#listen(this.#context.suspicionMs);
    this.#spoke = true;
    this.#detector.heard(this.#context.clock.nowMs());
    this.place.heard();
    if (message.response?.$case !== 'moved') {
      this.#user.onMessage(message);
      return;
    }
    const { address, epoch } = message.response.value;
    const { masters, routers } = this.#context;
    // When it moves, `place` ends, and this stream with it.
    const verdict =
      address === '' ? 'nothing-new' : masters.told({ epoch: Number(epoch), address, from: 'master' });
    if (verdict !== 'move') routers.ask();
  }

  #tick(): void {
    const { clock, masters, suspicionMs } = this.#context;
    const nowMs = clock.nowMs();
    if (this.#paused || this.#detector.look(nowMs) === 'alive') return;
    const silence = `silent for ${Math.round(suspicionMs)} ms`;
    // A master that answers other calls is busy, not hung: then this stream alone is opened anew.
    const hung = nowMs - (this.place.heardAtMs ?? 0) > suspicionMs;
    // Ended first, lest the place's end tell a vaguer why.
    this.#end({ kind: 'broken', why: silence }, () => {
      if (hung) masters.doubt(this.place, silence);
    });
  }

  #listen(suspicionMs: number): FailureDetector {
    return createFailureDetector({ suspicionMs, stallMs: 2 * times.tickMs }, this.#context.clock.nowMs());
  }

  #failed(error: ServiceError): void {
    if (this.#over) return;
    const refusal = refusalOf(error);
    const { next, doubt } =
      refusal === undefined
        ? judge({ kind: 'failed', code: error.code })
        : judge({
            kind: 'refused',
            code: error.code,
            reason: refusal.reason,
            retryAfterMs: refusal.retryAfterMs,
          });
    if (refusal !== undefined) {
      this.place.heard();
      this.#detach();
      learnFrom(refusal, this.#context);
      this.#user.onEnd({ kind: 'refused', why: refusal.reason, final: next === 'end', error });
      return;
    }
    this.#detach();
    if (doubt) this.#context.masters.doubt(this.place, error.details);
    if (next === 'end') {
      this.#user.onEnd({ kind: 'refused', why: error.details, final: true, error });
      return;
    }
    this.#user.onEnd({ kind: 'broken', why: error.details });
  }

  #end(end: StreamEnd, before: () => void = () => {}): void {
    if (this.#over) return;
    this.#detach();
    // Otherwise it ends with its connection.
    if (end.kind !== 'moved') this.#stream.cancel();
    before();
    this.#user.onEnd(end);
  }

  #detach(): void {
    this.#over = true;
    this.#stop();
  }
}
