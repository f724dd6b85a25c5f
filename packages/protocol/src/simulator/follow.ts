// A standby follows whoever is available, whatever happens to the connection, and is a witness (R8).
import type { Acknowledge } from '../replica/index.js';
import { Backoff } from './backoff.js';
import type { Line, Why } from './line.js';
import type { Master } from './master.js';
import type { Shipment } from './messages.js';
import { callOff, type Scheduled } from './schedule.js';
import type { State } from './state.js';

interface Target {
  readonly masterId: string;
  readonly address: string;
  readonly epoch: number;
}

type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'streaming'; readonly target: Target; readonly line: Line; heardAtMs: number }
  | { readonly kind: 'waiting'; readonly target: Target; readonly wait: Scheduled }
  | { readonly kind: 'restoring'; target: Target | undefined; aborted: boolean };

/** A stream that lasted for so long was a good one: the next is dialled at once. */
const steadyMs = 1000;
const dialMs = 500;

export class Follow {
  readonly #master: Master;
  readonly #backoff: Backoff;
  #phase: Phase = { kind: 'idle' };
  #unreachable: Target | undefined;
  #epoch = 0;
  #epochSinceMs = 0;
  #sinceMs = 0;

  constructor(master: Master) {
    this.#master = master;
    this.#backoff = new Backoff(master.world.draws);
    master.every(master.world.plan.suspicionMs / 2, () => this.#look());
  }

  get unreachable(): boolean {
    return this.#unreachable !== undefined;
  }

  heardMsAgo(): number {
    const { nowMs, host } = this.#master;
    const { role } = host.replica;
    const heardAtMs = role.kind === 'following' ? (role.source?.heardAtMs ?? 0) : nowMs;
    return Math.max(0, Math.round(nowMs - Math.max(heardAtMs, this.#epochSinceMs)));
  }

  /** After every change of role or configuration. */
  aim(): void {
    const { host, nowMs } = this.#master;
    const target = this.#target();
    if (host.replica.standing.promisedEpoch !== this.#epoch) {
      this.#epoch = host.replica.standing.promisedEpoch;
      this.#epochSinceMs = nowMs;
    }
    const now = this.#phase.kind === 'idle' ? undefined : this.#phase.target;
    if (
      now?.masterId === target?.masterId &&
      now?.address === target?.address &&
      now?.epoch === target?.epoch
    )
      return;
    this.#leave();
    this.#unreachable = undefined;
    this.#backoff.reset();
    if (target !== undefined) this.#dial(target);
  }

  acknowledge({ to, epoch, verdict, seq, hintSeq, sentAtMs }: Acknowledge): void {
    const phase = this.#phase;
    if (phase.kind !== 'streaming' || phase.target.masterId !== to) return;
    const { store, incarnation } = this.#master;
    const { masterId } = store;
    phase.line.send(0, {
      kind: 'heard',
      heard: { kind: 'acknowledgement', masterId, incarnation, epoch, verdict, seq, hintSeq, sentAtMs },
    });
  }

  #target(): Target | undefined {
    const { role, standing, settings } = this.#master.host.replica;
    const { configuration } = standing;
    if (role.kind !== 'following' || configuration === undefined) return undefined;
    const { availableId, epoch, masters } = configuration;
    const address = masters.find(({ masterId }) => masterId === availableId)?.address ?? '';
    if (availableId === settings.masterId || address === '') return undefined;
    return { masterId: availableId, address, epoch };
  }

  #leave(): void {
    const phase = this.#phase;
    // What is being put in its place is put there all the same: whoever is next is dialled after that.
    if (phase.kind === 'restoring') {
      phase.target = undefined;
      phase.aborted = true;
      return;
    }
    this.#phase = { kind: 'idle' };
    if (phase.kind === 'streaming') phase.line.close(0, 'broken');
    if (phase.kind === 'waiting') callOff(phase.wait);
  }

  #dial(target: Target): void {
    if (this.#phase.kind === 'restoring') {
      this.#phase.target = target;
      return;
    }
    const go = (): void => {
      const { world, host, store, incarnation } = this.#master;
      const { lastSeq, lastEpoch } = store.journal;
      const { promisedEpoch: epoch, committedSeq } = host.replica.standing;
      const { masterId, facts } = store;
      const hello = {
        kind: 'hello',
        leaseMs: host.replica.settings.leaseMs,
        masterId,
        incarnation,
        epoch,
        lastSeq,
        lastEpoch,
        committedSeq,
      } as const;
      const there = world.masterAt(target.address);
      this.#sinceMs = this.#master.nowMs;
      const line = world.network.open(
        this.#master,
        there,
        { kind: 'hello', hello, clusterId: facts.clusterId },
        {
          onMessage: (message) => this.#take(target, line, message as Shipment),
          onClosed: (why, reason) => this.#ended(target, line, why, reason),
        },
      );
      this.#phase = { kind: 'streaming', target, line, heardAtMs: this.#sinceMs };
    };
    const waitMs = this.#backoff.nextMs();
    if (waitMs === 0) go();
    else this.#phase = { kind: 'waiting', target, wait: this.#master.later(waitMs, go) };
  }

  #take(target: Target, line: Line, shipment: Shipment): void {
    const phase = this.#phase;
    if (phase.kind !== 'streaming' || phase.line !== line) return;
    phase.heardAtMs = this.#master.nowMs;
    this.#reached();
    if (shipment.kind === 'append') this.#master.take(shipment);
    else {
      line.close(0);
      this.#restore(target);
    }
  }

  #ended(target: Target, line: Line, why: Why, reason: unknown): void {
    const phase = this.#phase;
    if (phase.kind !== 'streaming' || phase.line !== line) return;
    if (this.#master.nowMs - this.#sinceMs > steadyMs) this.#backoff.reset();
    this.#phase = { kind: 'idle' };
    if (reason === 'data-lost' || reason === 'diverged') {
      this.#master.world.oracle.found(`${this.#master.store.masterId} is told by its source: ${reason}`);
    }
    if (why !== 'ended') {
      this.#master.host.dispatch({ kind: 'source-lost' });
      this.#probe(target);
    }
    if (this.#phase.kind === 'idle') this.#dial(target);
  }

  /** A fresh connection tells whether anybody is there. */
  #probe(target: Target): void {
    const there = this.#master.world.masterAt(target.address);
    this.#master.world.network.call<true>(
      this.#master,
      there,
      dialMs,
      (reply) => reply(true),
      (answer) => (answer === true ? this.#reached() : this.#refused(target)),
    );
  }

  #reached(): void {
    if (this.#unreachable === undefined) return;
    this.#unreachable = undefined;
    this.#master.link.ping();
  }

  #refused(target: Target): void {
    if (this.#phase.kind === 'idle' || this.#phase.target !== target || this.#unreachable !== undefined)
      return;
    this.#unreachable = target;
    this.#master.link.ping();
  }

  #restore(target: Target): void {
    const phase: Phase = { kind: 'restoring', target, aborted: false };
    this.#phase = phase;
    const { world } = this.#master;
    const again = (): void => {
      this.#phase = { kind: 'idle' };
      if (phase.target !== undefined) this.#dial(phase.target);
    };
    world.network.call<State>(
      this.#master,
      world.masterAt(target.address),
      2000,
      (reply) => world.masterAt(target.address).giveSnapshot(reply),
      (snapshot) => {
        if (snapshot === undefined || phase.aborted) return again();
        this.#master.restore(snapshot, () => {
          this.#backoff.reset();
          again();
        });
      },
    );
  }

  /** A source that is connected and says nothing: its network may be gone without a word. */
  #look(): void {
    const phase = this.#phase;
    if (phase.kind !== 'streaming') return;
    if (this.#master.nowMs - phase.heardAtMs < 2 * this.#master.world.plan.suspicionMs) return;
    this.#leave();
    this.#dial(phase.target);
  }
}
