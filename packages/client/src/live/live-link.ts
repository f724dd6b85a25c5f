import type { Cancel } from '@everline/chassis/clock';
import { refusalOf } from '@everline/chassis/errors';
import type { OpenTimeline, TimelineRequest, TimelineResponse } from '@everline/contracts';
import { retriesAfter, retryPauseMs } from '@everline/protocol/caller';
import type { ServiceError } from '@grpc/grpc-js';
import { refusedBy } from '../calls/refused-by.js';
import type { Context } from '../context.js';
import { Unreachable } from '../errors.js';
import type { Place } from '../masters/place.js';
import { waitedForMaster } from '../masters/waited-for.js';
import { Ahead } from './ahead.js';
import { LiveStream, type StreamEnd } from './live-stream.js';

export interface LinkUser {
  /** What each stream is opened with. */
  readonly opening: () => OpenTimeline;
  /** How one is opened at the next master before it is needed; undefined: none is. */
  readonly ahead?: OpenTimeline;
  /** A stream is open; nothing has been heard on it. */
  readonly onOpen?: () => void;
  readonly onMessage: (message: TimelineResponse, place: Place) => void;
  /** The stream has ended, and another is being sought. */
  readonly onLost: (place: Place, why: string) => void;
  /** It has ended for good. */
  readonly onFailed: (error: unknown) => void;
}

type State =
  | { readonly kind: 'waiting'; readonly stop: Cancel; readonly waitsFor: () => string }
  | { readonly kind: 'streaming'; readonly stream: LiveStream; firstWordMs: number | undefined }
  /** The user takes no more at present; no new stream is opened. */
  | { readonly kind: 'held' }
  | { readonly kind: 'ended' };

/** Keeps one `Timeline` stream open at whichever master serves, over failovers, until it is ended or refused for good. */
export class LiveLink {
  readonly #context: Context;
  readonly #user: LinkUser;
  /** How long a stream is sought: the first, and again after a loss. */
  readonly #patienceMs: { readonly first: number; readonly again: number };
  #state: State = { kind: 'held' };
  #held = false;
  #retries = 0;
  #soughtSinceMs: number;
  #behind: ServiceError | undefined;
  #stopPatience: Cancel = () => {};
  readonly #ahead: Ahead | undefined;

  constructor(context: Context, user: LinkUser, patienceMs: { first: number; again: number }) {
    this.#context = context;
    this.#user = user;
    if (user.ahead !== undefined) this.#ahead = new Ahead(context, user.ahead);
    this.#patienceMs = patienceMs;
    this.#soughtSinceMs = context.clock.nowMs();
  }

  start(): void {
    this.#seekFor(this.#patienceMs.first);
    this.#seek();
  }

  /** Lost when there is no stream: what it is about is said again by `onOpen`. */
  write(request: TimelineRequest): void {
    if (this.#state.kind === 'streaming') this.#state.stream.write(request);
  }

  get streaming(): boolean {
    return this.#state.kind === 'streaming';
  }

  /** In one phrase (C5). */
  get waitsFor(): string {
    const state = this.#state;
    if (state.kind === 'waiting') return state.waitsFor();
    if (state.kind !== 'streaming') return 'its turn';
    const { address, epoch } = state.stream.place;
    return `an answer of the master ${address} in epoch ${epoch}`;
  }

  /** Takes no more: what is open is not read on, what is lost is not opened again. */
  hold(): void {
    this.#held = true;
    if (this.#state.kind === 'streaming') this.#state.stream.pause();
  }

  release(): void {
    this.#held = false;
    if (this.#state.kind === 'streaming') this.#state.stream.resume();
    if (this.#state.kind === 'held') this.#seek();
  }

  /** Gives this stream up and opens another after a pause. */
  restart(why: string): void {
    if (this.#state.kind !== 'streaming') return;
    const { stream } = this.#state;
    stream.cancel();
    this.#lost(stream.place, { kind: 'broken', why });
  }

  end(): void {
    const state = this.#state;
    this.#state = { kind: 'ended' };
    this.#ahead?.[Symbol.dispose]();
    this.#stopPatience();
    if (state.kind === 'waiting') state.stop();
    if (state.kind === 'streaming') state.stream.cancel();
  }

  readonly #seek = (): void => {
    if (this.#held) {
      this.#state = { kind: 'held' };
      return;
    }
    const { masters } = this.#context;
    const { place } = masters;
    if (place !== undefined) {
      this.#open(place);
      return;
    }
    const stop = masters.whenOpen(this.#seek);
    this.#state = { kind: 'waiting', stop, waitsFor: () => waitedForMaster(this.#context) };
  };

  #open(place: Place): void {
    const lying = this.#ahead?.take(place.address);
    const stream = new LiveStream(
      { place, call: lying ?? place.sns.timeline(this.#context.home.metadata) },
      {
        onMessage: (message) => this.#heard(state, message),
        onEnd: (end) => {
          if (this.#state === state) this.#lost(place, end);
        },
      },
      this.#context,
    );
    const state = { kind: 'streaming' as const, stream, firstWordMs: undefined as number | undefined };
    this.#state = state;
    if (lying === undefined) stream.write({ request: { $case: 'open', value: this.#user.opening() } });
    this.#user.onOpen?.();
  }

  #heard(state: State & { kind: 'streaming' }, message: TimelineResponse): void {
    if (this.#state !== state) return;
    if (state.firstWordMs === undefined) {
      state.firstWordMs = this.#context.clock.nowMs();
      this.#behind = undefined;
      this.#stopPatience();
    }
    this.#ahead?.keep();
    this.#user.onMessage(message, state.stream.place);
  }

  #lost(place: Place, end: StreamEnd): void {
    const livedMs = this.#livedMs;
    if (livedMs !== undefined) this.#seekFor(this.#patienceMs.again);
    this.#retries = retriesAfter(this.#retries, { moved: end.kind === 'moved', livedMs });
    if (end.kind === 'refused' && (end.final || this.#waitedOut(end))) {
      this.end();
      this.#user.onFailed(refusedBy(end.error));
      return;
    }
    const between: State = { kind: 'held' };
    this.#state = between;
    this.#user.onLost(place, end.why);
    if (this.#state === between) this.#pause(place, end);
  }

  #pause(place: Place, end: StreamEnd): void {
    const { clock, random } = this.#context;
    // Where there is no connection any more, the switch paces.
    if (place.ended !== undefined) {
      this.#seek();
      return;
    }
    const retryAfterMs = end.kind === 'refused' ? refusalOf(end.error)?.retryAfterMs : undefined;
    const wake = (): void => {
      stop();
      this.#seek();
    };
    const stopPause = clock.after(retryPauseMs(this.#retries++, random, retryAfterMs), wake);
    // Another master is tried at once, whatever this one asked for.
    const stopEnd = place.onEnd(wake);
    const stop = (): void => {
      stopPause();
      stopEnd();
    };
    const waitsFor = (): string =>
      `the master ${place.address} in epoch ${place.epoch}, which said: ${end.why}`;
    this.#state = { kind: 'waiting', stop, waitsFor };
  }

  /** Since the stream's first word; undefined: there was none. */
  get #livedMs(): number | undefined {
    const firstWordMs = this.#state.kind === 'streaming' ? this.#state.firstWordMs : undefined;
    return firstWordMs === undefined ? undefined : this.#context.clock.nowMs() - firstWordMs;
  }

  /** C2: a cursor ahead of its master is waited for, but no longer than a call is; then it gets its name. */
  #waitedOut(end: StreamEnd & { kind: 'refused' }): boolean {
    this.#behind = end.why === 'CURSOR_IN_FUTURE' ? end.error : undefined;
    const { clock, timeoutMs } = this.#context;
    return this.#behind !== undefined && clock.nowMs() - this.#soughtSinceMs > timeoutMs;
  }

  #seekFor(patienceMs: number): void {
    const { clock } = this.#context;
    this.#soughtSinceMs = clock.nowMs();
    this.#stopPatience();
    if (patienceMs === Number.POSITIVE_INFINITY) return;
    this.#stopPatience = clock.after(patienceMs, () => {
      // Nothing was sought meanwhile: the user takes no more.
      if (this.#held) {
        this.#seekFor(patienceMs);
        return;
      }
      const waitedFor = this.waitsFor;
      this.end();
      if (this.#behind !== undefined) return this.#user.onFailed(refusedBy(this.#behind));
      this.#user.onFailed(new Unreachable({ waitedFor, waitedMs: clock.nowMs() - this.#soughtSinceMs }));
    });
  }
}
