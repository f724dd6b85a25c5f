// The router: the production decisions in a shell that does what packages/router does: decide, keep, tell (R1).
import {
  available,
  begin,
  type Configuration,
  decide,
  durableAt,
  type Effect,
  nothingDurable,
  ordersFor,
  type Refused,
  type Registration,
  type RouterEvent,
  type RouterState,
  type Rules,
} from '../configuration/index.js';
import { Keeper } from './keeper.js';
import type { Line, LineEnd } from './line.js';
import type { Available, Opening, PingMessage, Told } from './messages.js';
import { Process } from './process.js';
import type { World } from './world.js';

export type Registered =
  | { readonly kind: 'registered'; readonly configuration: Configuration }
  | { readonly kind: 'refused'; readonly reason: string };

interface Waiting {
  readonly event: RouterEvent;
  readonly answered: ((refused: Refused | undefined) => void) | undefined;
}

/** A master's life line. */
interface LifeLine {
  readonly line: Line;
  readonly streamId: number;
  readonly masterId: string;
  phase: 'opening' | 'open' | 'over';
  readonly early: PingMessage[];
  told: RouterState['durable'] | undefined;
}

const ticksPerPing = 2;

export class Router extends Process {
  told!: RouterState;
  readonly keeper: Keeper;
  /** Its file is lost or an old one, and whoever starts it anew knows. */
  mustRecover = false;
  #rules: Rules;
  #line: Waiting[] = [];
  #busy = false;
  #streams = 0;
  readonly #lines = new Map<string, LifeLine>();
  readonly #watchers = new Set<Line>();

  constructor(world: World) {
    super(world, 'router');
    this.keeper = new Keeper(this);
    this.#rules = { suspicionMs: world.plan.suspicionMs, minInSync: world.plan.minInSync, recover: false };
    this.told = begin(this.#rules, nothingDurable, this.#at());
    this.start(false);
  }

  get recovers(): boolean {
    return this.#rules.recover;
  }

  /** @param recover whether its state was lost, and somebody knows */
  start(recover = this.mustRecover): void {
    this.up = true;
    this.#rules = { ...this.#rules, recover };
    this.#busy = true;
    const { file } = this.keeper;
    this.told = begin(this.#rules, file, this.#at());
    this.keeper.keep(file, () => {
      this.told = begin(this.#rules, file, this.#at());
      this.#busy = false;
      this.every(this.world.plan.replicaTimes.beatMs / ticksPerPing, () => this.decide({ kind: 'ticked' }));
      this.#advance();
    });
  }

  crash(): void {
    if (!this.up) return;
    this.end();
    for (const line of [...this.world.network.lines]) if (line.touches(this)) line.dies(this);
    this.keeper.crash();
    this.#line = [];
    this.#lines.clear();
    this.#watchers.clear();
  }

  override accept(line: Line, opening: Opening): LineEnd | undefined {
    if (opening.kind === 'watch') return this.#watch(line);
    return opening.kind === 'ping' ? this.#open(line, opening) : undefined;
  }

  /** `answered` is called when what it changed is durable. */
  decide(event: RouterEvent, answered?: (refused: Refused | undefined) => void): void {
    this.#line.push({ event, answered });
    if (!this.#busy) this.#advance();
  }

  register(event: Registration, reply: (answer: Registered) => void): void {
    this.decide(event, (refused) => {
      const { configuration } = this.told.durable;
      if (refused === undefined && configuration !== undefined) reply({ kind: 'registered', configuration });
      else reply({ kind: 'refused', reason: refused?.reason ?? '' });
    });
  }

  whoIsAvailable(): Available | undefined {
    const now = available(this.#rules, this.told, this.nowMs);
    return now.kind === 'available'
      ? { kind: 'available', masterId: now.masterId, epoch: now.epoch }
      : undefined;
  }

  #at(): { nowMs: number; wallMs: number } {
    return { nowMs: this.nowMs, wallMs: this.nowMs };
  }

  #advance(): void {
    this.#busy = true;
    for (let next = this.#line.shift(); next !== undefined; next = this.#line.shift()) {
      if (this.#step(next) === 'keeping') return;
    }
    this.#busy = false;
  }

  #step({ event, answered }: Waiting): 'done' | 'keeping' {
    const { state, refused, effects } = decide(this.#rules, this.told, event, this.#at());
    if (this.world.tracing && event.kind !== 'ticked' && event.kind !== 'pinged') {
      this.world.note('router', { event: event.kind, refused: refused?.reason, about: event });
    }
    this.world.oracle.decides(event, refused);
    if (effects.some(({ kind }) => kind === 'persist')) {
      this.keeper.keep(state.durable, () => {
        this.#finish(effects, durableAt(this.told, state, 0), refused, answered);
        this.#advance();
      });
      return 'keeping';
    }
    if (effects.some(({ kind }) => kind === 'persist-soon')) this.keeper.keepSoon(state.durable);
    this.#finish(effects, state, refused, answered);
    return 'done';
  }

  #finish(
    effects: readonly Effect[],
    state: RouterState,
    refused: Refused | undefined,
    answered: Waiting['answered'],
  ): void {
    this.told = state;
    for (const { kind } of effects) {
      if (kind === 'tell-masters') this.#tellMasters();
      if (kind === 'tell-clients') this.#tellClients();
    }
    answered?.(refused);
  }

  #tellMasters(): void {
    for (const life of this.#lines.values()) {
      if (this.told.standing.kind === 'deciding') this.#tell(life, 0);
      else this.#fail(life);
    }
  }

  #tellClients(): void {
    const now = this.whoIsAvailable();
    if (now === undefined) return;
    const { masterId: address, epoch } = now;
    // With an old file in its place it tells what was so once, until a master comes that knows better: no client takes it (C3).
    if (!this.keeper.isOld) this.world.recording.reigns.push({ address, epoch });
    for (const line of this.#watchers) line.send(1, now);
  }

  #watch(line: Line): LineEnd {
    this.#watchers.add(line);
    const now = this.whoIsAvailable();
    if (now !== undefined) line.send(1, now);
    return { onMessage: () => {}, onClosed: () => this.#watchers.delete(line) };
  }

  #open(line: Line, first: PingMessage): LineEnd {
    const { masterId, incarnation } = first.pinged;
    const streamId = ++this.#streams;
    const life: LifeLine = { line, streamId, masterId, phase: 'opening', early: [first], told: undefined };
    this.decide({ kind: 'stream-opened', masterId, incarnation, streamId }, (refused) => {
      if (refused !== undefined) return this.#fail(life);
      if (life.phase === 'over') return this.decide({ kind: 'stream-broken', masterId, streamId });
      life.phase = 'open';
      const former = this.#lines.get(masterId);
      this.#lines.set(masterId, life);
      if (former !== undefined) this.#fail(former);
      for (const ping of life.early) this.#ping(life, ping);
    });
    return {
      onMessage: (message) => {
        if (life.phase === 'open') this.#ping(life, message as PingMessage);
        else life.early.push(message as PingMessage);
      },
      onClosed: () => this.#closed(life),
    };
  }

  #ping(life: LifeLine, { ping, pinged }: PingMessage): void {
    if (this.#isHeard(life)) this.#tell(life, ping);
    this.decide({ ...pinged, streamId: life.streamId }, (refused) => {
      if (refused !== undefined) this.#fail(life);
    });
  }

  /** M9: an answer means that this master, as this process, stands in what is durable now. */
  #isHeard({ masterId, streamId }: LifeLine): boolean {
    const { members, standing } = this.told;
    const stream = members.find((member) => member.masterId === masterId)?.stream;
    return standing.kind === 'deciding' && stream?.phase === 'open' && stream.id === streamId;
  }

  #tell(life: LifeLine, ping: number): void {
    const { configuration, endedEpochs, reapedEpochs, resignToMasterId } = ordersFor(
      this.told,
      life.masterId,
    );
    const isNews = life.told?.configuration !== configuration;
    life.told = this.told.durable;
    const told: Told = {
      kind: 'told',
      ping,
      epoch: configuration?.epoch ?? 0,
      configuration: isNews ? configuration : undefined,
      endedEpochs,
      reapedEpochs,
      resignToMasterId,
    };
    life.line.send(1, told);
  }

  #fail(life: LifeLine): void {
    life.line.close(1);
    this.#closed(life);
  }

  #closed(life: LifeLine): void {
    const { masterId, streamId } = life;
    const was = life.phase;
    life.phase = 'over';
    if (was !== 'open') return;
    if (this.#lines.get(masterId) === life) this.#lines.delete(masterId);
    this.decide({ kind: 'stream-broken', masterId, streamId });
  }
}
