import { openChannel, type RpcChannel } from '@everline/chassis/channel';
import type { Cancel, Clock } from '@everline/chassis/clock';
import type { Random } from '@everline/chassis/random';
import { SnsServiceClient } from '@everline/contracts';
import { type Known, retryPauseMs, type Sight, type Verdict, weigh } from '@everline/protocol/caller';
import type { Moved } from '../client.js';
import { times } from '../times.js';
import { troubleOf } from '../wire/trouble-of.js';
import { type EndOfPlace, Place } from './place.js';
import type { Standbys } from './standbys.js';

interface Target {
  readonly epoch: number;
  readonly address: string;
}

type State =
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'connecting'; readonly target: Target; readonly channel: RpcChannel }
  | { readonly kind: 'pausing'; readonly target: Target; readonly stop: Cancel }
  | { readonly kind: 'open'; readonly place: Place; readonly channel: RpcChannel }
  | { readonly kind: 'closed' };

const moved: EndOfPlace = { kind: 'moved', why: 'the role has moved' };

export interface SwitchParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly standbys: Standbys;
  /** The master answers no more, or cannot be reached: somebody should ask who serves. */
  readonly onDoubt: () => void;
  readonly onMoved: (to: Moved) => void;
}

/**
 * Where calls go: one connection to the available master of the newest epoch, moved by whoever tells of it first (C3 in sight.ts).
 * grpc-js's own balancing is not used: `pick_first` waits 250 ms before it passes by a hung master, a channel that failed waits 1 s
 * before it connects again, and neither says to which epoch a call went.
 */
export class MasterSwitch implements Disposable {
  readonly #parts: SwitchParts;
  readonly #waiting = new Set<(place: Place) => void>();
  /** Of the places left, with what stops their later end. */
  readonly #parting = new Map<RpcChannel, Cancel>();
  #known: Known = { kind: 'nothing' };
  #state: State = { kind: 'nowhere' };
  /** Why the last connection could not be made. */
  #trouble = '';
  /** A router speaks of this epoch, which is older than the one known. */
  #outdated: number | undefined;
  /** Connections in a row that failed or broke before their master said anything. */
  #failures = 0;
  /** The epoch in which calls were answered last, and since when they are not. */
  #served: { epoch: number; lostAtMs: number | undefined } | undefined;

  constructor(parts: SwitchParts) {
    this.#parts = parts;
  }

  /** Where to send a call now; undefined: wait for `whenOpen`. */
  get place(): Place | undefined {
    return this.#state.kind === 'open' ? this.#state.place : undefined;
  }

  get known(): Known {
    return this.#known;
  }

  /** C3: what a router said last and was not believed. */
  get outdated(): number | undefined {
    return this.#outdated;
  }

  /** The connection that is being sought, and why there is none, for whoever waited in vain. */
  get seeking(): (Target & { readonly trouble: string }) | undefined {
    const state = this.#state;
    if (state.kind !== 'connecting' && state.kind !== 'pausing') return undefined;
    return { ...state.target, trouble: this.#trouble };
  }

  /** Calls `fn` once, when there is a place to send calls to. */
  whenOpen(fn: (place: Place) => void): Cancel {
    this.#waiting.add(fn);
    return () => this.#waiting.delete(fn);
  }

  told(sight: Sight): Verdict {
    const { known, verdict } = weigh(this.#known, sight);
    if (this.#state.kind === 'closed') return verdict;
    this.#known = known;
    this.#outdated = verdict === 'older' && sight.from === 'router' ? sight.epoch : undefined;
    if (known.kind === 'master' && verdict === 'move') this.#move(known);
    if (verdict === 'vacant') {
      this.#lost();
      this.#leave({ kind: 'nowhere' }, moved);
    }
    return verdict;
  }

  /** Throws the connection of `place` away; calls on it end, and a new one to the same master is made until somebody tells of another. */
  doubt(place: Place, why: string): void {
    if (this.#state.kind !== 'open' || this.#state.place !== place) return;
    this.#lost();
    this.#failures = place.heardAtMs === undefined ? this.#failures + 1 : 0;
    const old = this.#state;
    // Its process has most likely died, and whoever follows it is named in a moment: until then a dial and a question would only be in the way.
    const { clock, random } = this.#parts;
    const target = { epoch: place.epoch, address: place.address };
    const stop = clock.after(times.doubtMs * (1 + random.next()), () => {
      this.#again(target);
      this.#parts.onDoubt();
    });
    this.#state = { kind: 'pausing', target, stop };
    end(old, { kind: 'doubted', why });
  }

  [Symbol.dispose](): void {
    this.#leave({ kind: 'closed' }, { kind: 'closed', why: 'the client is closed' });
    this.#waiting.clear();
    for (const [channel, stop] of this.#parting) {
      stop();
      channel[Symbol.dispose]();
    }
    this.#parting.clear();
  }

  #move(target: Target): void {
    this.#lost();
    this.#failures = 0;
    this.#trouble = '';
    const warm = this.#parts.standbys.take(target.address);
    const channel = warm ?? openChannel(target.address, times.masterKeepalive);
    // Entered before the old place is left: its calls go on here in the same turn of the loop.
    const old = this.#state;
    this.#enter(target, channel);
    if (old.kind === 'open') this.#part(old);
    else end(old, moved);
  }

  /** The place is left at once, its connection is ended later: right after a failover everybody wants the processor. */
  #part({ place, channel }: State & { kind: 'open' }): void {
    const { clock, random } = this.#parts;
    const stop = clock.after(times.partMs * (1 + random.next()), () => {
      this.#parting.delete(channel);
      channel[Symbol.dispose]();
    });
    this.#parting.set(channel, stop);
    place.end(moved);
  }

  #enter(target: Target, channel: RpcChannel): void {
    if (channel.state() === 'ready') {
      this.#open(target, channel);
      return;
    }
    const connecting: State = { kind: 'connecting', target, channel };
    this.#state = connecting;
    channel.ready(times.connectMs).then(
      () => {
        if (this.#state === connecting) this.#open(target, channel);
      },
      (error: unknown) => {
        if (this.#state !== connecting) return;
        this.#failures++;
        this.#trouble = troubleOf(error);
        channel[Symbol.dispose]();
        this.#again(target);
        this.#parts.onDoubt();
      },
    );
  }

  #open(target: Target, channel: RpcChannel): void {
    const { clock, onMoved } = this.#parts;
    const place = new Place({ ...target, sns: channel.client(SnsServiceClient), clock });
    this.#state = { kind: 'open', place, channel };
    channel.onBroken(() => this.doubt(place, 'the connection broke'));
    const before = this.#served;
    this.#served = { epoch: target.epoch, lostAtMs: undefined };
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const fn of waiting) fn(place);
    if (before === undefined || before.epoch === target.epoch) return;
    onMoved({ ...target, afterMs: clock.nowMs() - (before.lostAtMs ?? clock.nowMs()) });
  }

  #again(target: Target): void {
    const { clock, random } = this.#parts;
    const connect = (): void => this.#enter(target, openChannel(target.address, times.masterKeepalive));
    const pauseMs = retryPauseMs(this.#failures, random);
    if (pauseMs === 0) connect();
    else this.#state = { kind: 'pausing', target, stop: clock.after(pauseMs, connect) };
  }

  #leave(next: State, why: EndOfPlace): void {
    const old = this.#state;
    this.#state = next;
    end(old, why);
  }

  #lost(): void {
    if (this.#served !== undefined) this.#served.lostAtMs ??= this.#parts.clock.nowMs();
  }
}

function end(state: State, why: EndOfPlace): void {
  switch (state.kind) {
    case 'open':
      state.place.end(why);
      state.channel[Symbol.dispose]();
      return;
    case 'connecting':
      state.channel[Symbol.dispose]();
      return;
    case 'pausing':
      state.stop();
      return;
    case 'nowhere':
    case 'closed':
  }
}
