// Runs the pure replica: events in, effects out to whoever carries them out, one after the other.
import type { Cancel, Clock } from '@everline/chassis';
import {
  type Effect,
  type JournalView,
  type Replica,
  type ReplicaEvent,
  step,
} from '@everline/protocol/replica';

/** One hand for each kind of effect. A hand may dispatch further events; they wait their turn. */
export type Hands = {
  readonly [K in Exclude<Effect['kind'], 'wake'>]: (effect: Extract<Effect, { kind: K }>) => void;
};

export class ReplicaHost implements Disposable {
  readonly #journal: JournalView;
  readonly #clock: Clock;
  readonly #queue: ReplicaEvent[] = [];
  readonly #listeners = new Set<(replica: Replica) => void>();
  #replica: Replica;
  #hands: Hands | undefined;
  #onFault: (error: unknown) => void = () => undefined;
  #running = false;
  #cancelWake: Cancel = () => undefined;
  #wishesMs: number[] = [];

  constructor(replica: Replica, journal: JournalView, clock: Clock) {
    this.#replica = replica;
    this.#journal = journal;
    this.#clock = clock;
  }

  get replica(): Replica {
    return this.#replica;
  }

  get firstSeq(): number {
    return this.#journal.firstSeq;
  }

  /** Called once, when everything that carries out effects exists. */
  begin(hands: Hands, onFault: (error: unknown) => void): void {
    this.#hands = hands;
    this.#onFault = onFault;
  }

  /** After an event that changed the role, its source or the configuration, when all its effects are carried out. */
  onChange(listener: (replica: Replica) => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispatch(event: ReplicaEvent): void {
    this.#queue.push(event);
    if (this.#running) return;
    this.#running = true;
    this.guarded(() => {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#handle(next);
    });
    this.#running = false;
  }

  /** A throw while effects are carried out is the end: some are done and some are not, and nothing that comes after could be right. */
  guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#hands = undefined;
      this.#onFault(error);
    }
  }

  [Symbol.dispose](): void {
    this.#cancelWake();
    this.#hands = undefined;
    this.#listeners.clear();
  }

  #handle(event: ReplicaEvent): void {
    if (this.#hands === undefined) return; // disposed
    const before = this.#replica;
    const { replica, effects } = step(before, event, this.#clock.nowMs(), this.#journal);
    this.#replica = replica;
    for (const effect of effects) this.#carryOut(effect);
    if (differ(before, replica)) for (const listener of this.#listeners) listener(replica);
  }

  #carryOut(effect: Effect): void {
    if (effect.kind === 'wake') {
      this.#wake(effect.atMs);
      return;
    }
    const hand = this.#hands?.[effect.kind] as ((effect: Effect) => void) | undefined;
    hand?.(effect);
  }

  /** One timer, for the earliest wish. */
  #wake(atMs: number): void {
    if (this.#wishesMs.includes(atMs)) return;
    this.#wishesMs.push(atMs);
    this.#arm();
  }

  #arm(): void {
    this.#cancelWake();
    if (this.#wishesMs.length === 0) return;
    const waitMs = Math.min(...this.#wishesMs) - this.#clock.nowMs();
    this.#cancelWake = this.#clock.after(Math.max(0, Math.ceil(waitMs)), () => {
      const nowMs = this.#clock.nowMs();
      this.#wishesMs = this.#wishesMs.filter((wishMs) => wishMs > nowMs);
      this.#arm();
      this.dispatch({ kind: 'tick' });
    });
  }
}

function differ(before: Replica, after: Replica): boolean {
  if (before.role.kind !== after.role.kind || before.standing.configuration !== after.standing.configuration)
    return true;
  if (before.role.kind !== 'following' || after.role.kind !== 'following') return false;
  return before.role.source?.lost !== after.role.source?.lost;
}
