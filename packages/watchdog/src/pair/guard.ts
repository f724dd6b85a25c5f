import type { Cancel, Clock } from '@everline/chassis/clock';
import { type Body, type ControlLink, identify } from '@everline/chassis/control';
import type { Events } from '../events.js';
import { type HangState, hearAnswer, tick, watchFrom } from '../policy/hang.js';
import { fingerprint, type Home, type Settings } from '../settings.js';
import type { StopWish } from '../stop-wish.js';
import { removeFrozen } from './remove-frozen.js';

export interface GuardOptions {
  readonly settings: Settings;
  readonly home: Home;
  readonly instance: string;
  readonly foreground: boolean;
  readonly clock: Clock;
  readonly events: Events;
  readonly wish: StopWish;
}

/** `keeper-gone`: the one we guarded died. `nobody`: its place is free, or soon will be. `leave`: nothing is left to guard for us. */
export type GuardEnd =
  | { readonly kind: 'keeper-gone' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'leave'; readonly code: number; readonly why: string };

/** Longer than a keeper may be silent before it is called hung: that is noticed by its pings. */
const requestDeadlineMs = 24 * 3_600_000;
/** sysexits' "try again later": another copy runs. */
export const takenCode = 75;

/** Stands behind the keeper at the other end of the link until that ends, or says that nobody is needed. */
export function guard(link: ControlLink, options: GuardOptions): Promise<GuardEnd> {
  return new Promise((resolve) => {
    new Guard(link, options, resolve).begin();
  });
}

class Guard {
  readonly #link: ControlLink;
  readonly #options: GuardOptions;
  readonly #onEnd: (end: GuardEnd) => void;
  readonly #stopTicking: Cancel;
  #hang: HangState;
  #end: GuardEnd = { kind: 'keeper-gone' };

  constructor(link: ControlLink, options: GuardOptions, onEnd: (end: GuardEnd) => void) {
    const { clock, settings } = options;
    this.#link = link;
    this.#options = options;
    this.#onEnd = onEnd;
    this.#hang = watchFrom(clock.nowMs());
    this.#stopTicking = clock.every(settings.hang.pingMs, () => this.#tick());
  }

  begin(): void {
    this.#link.on({
      onPong: () => {
        this.#hang = hearAnswer(this.#hang, this.#options.clock.nowMs());
      },
      onEvent: (name, body) => this.#hear(name, body),
      onClosed: () => {
        this.#stopTicking();
        this.#onEnd(this.#end);
      },
    });
    void this.#offer();
  }

  async #offer(): Promise<void> {
    const { instance, foreground, settings, events, wish } = this.#options;
    try {
      const identity = identify(process.pid, instance);
      const offer = { identity, foreground, settings: fingerprint(settings) };
      await this.#link.request('guard', offer, requestDeadlineMs);
    } catch (error) {
      if (!this.#link.closed) this.#leave(takenCode, error instanceof Error ? error.message : String(error));
      return;
    }
    if (foreground) events.announce('guarding', { keeper: this.#link.identity.pid });
    wish.onRaise(() => this.#passOn());
    if (wish.level() > 0) this.#passOn();
  }

  /** W6: whoever of the pair is asked to stop, the keeper does it. */
  #passOn(): void {
    const body = { now: this.#options.wish.level() === 2 };
    // If it dies before it answers, we take its place and do it ourselves.
    this.#link.request('stop', body, requestDeadlineMs).catch(() => undefined);
  }

  #hear(name: string, body: Body): void {
    const { foreground, events, wish } = this.#options;
    if (name === 'ended') this.#leave(Number(body.code), String(body.why));
    if (name === 'dismissed') this.#leave(0, 'another one stands guard');
    // What was begun is carried on by whoever comes next.
    if (name === 'stopping') wish.raise(body.now === true ? 2 : 1);
    if (name === 'ready' && foreground) events.announce('ready', body);
  }

  #leave(code: number, why: string): void {
    this.#end = { kind: 'leave', code, why };
    this.#link[Symbol.dispose]();
  }

  #tick(): void {
    const { clock, settings } = this.#options;
    const { state, verdict } = tick(this.#hang, clock.nowMs(), settings.hang);
    this.#hang = state;
    // W10: an answer may lie in our own socket unread; one turn of the loop later it has been heard.
    if (verdict === 'hung') clock.soon(() => this.#removeIfHung());
    this.#link.ping();
  }

  #removeIfHung(): void {
    const { clock, settings, events } = this.#options;
    if (this.#link.closed || this.#hang.missed < settings.hang.missed) return;
    this.#hang = watchFrom(clock.nowMs());
    void removeFrozen(this.#link.identity, events, clock);
  }
}
