// Runs the production replica as the master's shell does: events in, effects out, one after the other.
import { type Effect, openReplica, type Replica, type ReplicaEvent, step } from '../replica/index.js';
import type { Process } from './process.js';
import { callOff, type Scheduled } from './schedule.js';
import type { Store } from './store.js';

export class Host {
  replica: Replica;
  readonly #owner: Process;
  readonly #store: Store;
  readonly #carryOut: (effect: Exclude<Effect, { kind: 'wake' }>) => void;
  readonly #onChange: () => void;
  readonly #queue: ReplicaEvent[] = [];
  #running = false;
  #wake: Scheduled | undefined;
  #wishesMs: number[] = [];
  disposed = false;

  constructor(
    owner: Process,
    store: Store,
    carryOut: (effect: Exclude<Effect, { kind: 'wake' }>) => void,
    onChange: () => void,
  ) {
    this.#owner = owner;
    this.#store = store;
    this.#carryOut = carryOut;
    this.#onChange = onChange;
    const { plan } = owner.world;
    const { facts, journal, state, masterId } = store;
    const settings = { ...plan.replicaTimes, masterId };
    const { promisedEpoch, configuration } = facts;
    const { lastSeq, lastEpoch } = journal;
    const found = { promisedEpoch, configuration, lastSeq, lastEpoch, appliedSeq: state.appliedSeq };
    this.replica = openReplica(settings, found, owner.nowMs);
  }

  dispatch(event: ReplicaEvent): void {
    this.#queue.push(event);
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#queue.shift(); next !== undefined && !this.disposed; next = this.#queue.shift()) {
      this.#handle(next);
    }
    this.#running = false;
  }

  #handle(event: ReplicaEvent): void {
    const before = this.replica;
    const { replica, effects } = step(before, event, this.#owner.nowMs, this.#store.journal);
    this.replica = replica;
    const { world } = this.#owner;
    for (const effect of effects) {
      if (this.disposed) return;
      if (world.tracing && effect.kind !== 'wake') world.note(this.#store.masterId, effect);
      if (effect.kind === 'wake') this.#want(effect.atMs);
      else this.#carryOut(effect);
    }
    world.oracle.stands(this.#store.masterId, before, replica);
    if (!this.disposed && differ(before, replica)) this.#onChange();
  }

  /** One timer, for the earliest wish. */
  #want(atMs: number): void {
    if (this.#wishesMs.includes(atMs)) return;
    this.#wishesMs.push(atMs);
    this.#arm();
  }

  #arm(): void {
    if (this.#wake !== undefined) callOff(this.#wake);
    if (this.#wishesMs.length === 0) return;
    const waitMs = Math.max(0, Math.ceil(Math.min(...this.#wishesMs) - this.#owner.nowMs));
    this.#wake = this.#owner.later(waitMs, () => {
      const { nowMs } = this.#owner;
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
