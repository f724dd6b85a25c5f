import type { Cancel } from '@everline/chassis/clock';
import type { PostResult } from '@everline/contracts';
import { judge } from '../calls/judgement.js';
import type { Posted, PostOptions } from '../client.js';
import type { Context } from '../context.js';
import { Refused, Unknown, Unreachable } from '../errors.js';
import { bounds, times } from '../times.js';
import { postUnary } from '../verbs/post.js';
import { postOf } from '../wire/post-of.js';
import { PostsLink } from './posts-link.js';

interface Passenger {
  readonly postId: string;
  readonly text: string;
  readonly begunMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly settle: { resolve: (posted: Posted) => void; reject: (error: unknown) => void };
  /** How often it was sent; from the first time on what becomes of it may be unknown. */
  sends: number;
  stop: Cancel;
}

/**
 * Posts that come quickly, of one caller or of many at once, on one stream: a fifth of the work of a call for each, and a quicker answer. It
 * opens after `bounds.callsBeforeExpress` posts within `times.expressWorthMs`, and ends when none has been under way for a while. Whoever it
 * cannot serve goes on as a call of its own, with the same id (C1).
 */
export class Express {
  readonly #context: Context;
  readonly username: string;
  readonly #passengers = new Map<string, Passenger>();
  #link: PostsLink | undefined;
  /** When the last posts began that no stream was there for. */
  readonly #begunMs: number[] = [];
  #stopIdle: Cancel | undefined;
  #stopClose: Cancel | undefined;
  /** None is sought again before. */
  #notBeforeMs = Number.NEGATIVE_INFINITY;

  constructor(context: Context, username: string) {
    this.#context = context;
    this.username = username;
  }

  post(text: string, options: PostOptions = {}): Promise<Posted> {
    const { clock, lifetime, random } = this.#context;
    const { postId = random.uuidv7(clock.wallMs()) } = options;
    const runs = this.#link !== undefined || this.#worthIt(clock.nowMs());
    if (!runs || lifetime.closed || options.signal?.aborted === true || this.#passengers.has(postId)) {
      return this.#call(text, { ...options, postId });
    }
    return new Promise((resolve, reject) => {
      this.#board({
        postId,
        text,
        begunMs: clock.nowMs(),
        timeoutMs: options.timeoutMs ?? this.#context.timeoutMs,
        signal: options.signal,
        settle: { resolve, reject },
        sends: 0,
        stop: () => {},
      });
    });
  }

  #worthIt(nowMs: number): boolean {
    this.#begunMs.push(nowMs);
    if (this.#begunMs.length <= bounds.callsBeforeExpress) return false;
    const sinceMs = this.#begunMs.shift() ?? nowMs;
    return nowMs - sinceMs < times.expressWorthMs && nowMs >= this.#notBeforeMs;
  }

  #call(text: string, options: PostOptions, mayBeDone = false): Promise<Posted> {
    return postUnary(this.#context, this.username, text, options, mayBeDone);
  }

  #board(passenger: Passenger): void {
    const { clock, lifetime } = this.#context;
    const { postId, signal } = passenger;
    const abort = (): void => this.#fail(passenger, signal?.reason);
    const stopDeadline = clock.after(passenger.timeoutMs, () => this.#expire(passenger));
    const stopClose = lifetime.onClose((why) => this.#fail(passenger, why));
    signal?.addEventListener('abort', abort);
    passenger.stop = () => {
      stopDeadline();
      stopClose();
      signal?.removeEventListener('abort', abort);
    };
    this.#passengers.set(postId, passenger);
    this.#stopIdle?.();
    this.#stopIdle = undefined;
    if (this.#link === undefined) this.#depart();
    else if (this.#link.streaming) this.#send(passenger);
  }

  #depart(): void {
    const link = new PostsLink(this.#context, this.username, {
      onOpen: () => {
        for (const passenger of this.#passengers.values()) this.#send(passenger);
      },
      onResult: (result) => this.#take(result),
      onNoStream: () => this.#disband(),
      onFailed: () => this.#disband(),
    });
    this.#link = link;
    this.#stopClose = this.#context.lifetime.onClose(() => this.#end());
    link.start();
  }

  #send(passenger: Passenger): void {
    passenger.sends++;
    this.#link?.send(passenger);
  }

  #take({ postId, result, copies }: PostResult): void {
    const passenger = this.#passengers.get(postId);
    // An answer that came twice is no news.
    if (passenger === undefined || result === undefined) return;
    if (result.$case === 'post') {
      this.#leave(passenger);
      passenger.settle.resolve({ post: postOf(result.value), copies });
      return;
    }
    const { code, reason, message } = result.value;
    const { next, settles } = judge({ kind: 'refused', code, reason, retryAfterMs: undefined });
    if (next === 'end' && (settles || passenger.sends === 1))
      this.#fail(passenger, new Refused(message, { reason, code }));
    else this.#transfer(passenger);
  }

  /** There is no stream: everybody goes on alone. */
  #disband(): void {
    this.#end();
    this.#notBeforeMs = this.#context.clock.nowMs() + times.expressPauseMs;
    for (const passenger of [...this.#passengers.values()]) this.#transfer(passenger);
  }

  #transfer(passenger: Passenger): void {
    const { clock } = this.#context;
    const { postId, text, signal, settle } = passenger;
    this.#leave(passenger);
    const timeoutMs = Math.max(1, passenger.begunMs + passenger.timeoutMs - clock.nowMs());
    const options = { postId, timeoutMs, ...(signal !== undefined && { signal }) };
    this.#call(text, options, passenger.sends > 0).then(settle.resolve, settle.reject);
  }

  #expire(passenger: Passenger): void {
    const { postId, timeoutMs, sends } = passenger;
    const facts = { waitedFor: this.#link?.waitsFor ?? 'its turn', waitedMs: timeoutMs };
    this.#fail(passenger, sends > 0 ? new Unknown({ ...facts, id: postId }) : new Unreachable(facts));
  }

  #fail(passenger: Passenger, error: unknown): void {
    this.#leave(passenger);
    passenger.settle.reject(error);
  }

  #leave(passenger: Passenger): void {
    passenger.stop();
    this.#passengers.delete(passenger.postId);
    if (this.#passengers.size > 0 || this.#link === undefined) return;
    this.#stopIdle?.();
    this.#stopIdle = this.#context.clock.after(times.expressIdleMs, () => this.#end());
  }

  #end(): void {
    this.#stopIdle?.();
    this.#stopIdle = undefined;
    this.#stopClose?.();
    this.#link?.end();
    this.#link = undefined;
  }
}
