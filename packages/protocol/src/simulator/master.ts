// A master: the production replica in a shell that does what packages/master does, on a simulated disk and network.
//
//   host ── step ── effects ──▶ hands (here)      store: journal, state, facts
//   router-link   AddMaster, DualPing, AlterInSync     shipper, follow: Replicate from either side
//   reign         posts and reads of clients           timeline: open timelines
import type { Configuration } from '../configuration/configuration.js';
import { type Effect, isMissed, isReign } from '../replica/index.js';
import { Follow } from './follow.js';
import { Host } from './host.js';
import type { Entry } from './journal.js';
import type { Line, LineEnd } from './line.js';
import type { Opening, Shipment, Told } from './messages.js';
import { Process } from './process.js';
import { Reigning } from './reign.js';
import { RouterLink } from './router-link.js';
import { Shipper } from './shipper.js';
import type { State } from './state.js';
import { Store } from './store.js';
import { Timeline } from './timeline.js';
import type { World } from './world.js';

export class Master extends Process {
  readonly store: Store;
  incarnation = '';
  host!: Host;
  link!: RouterLink;
  shipper!: Shipper;
  follow!: Follow;
  reign!: Reigning;
  timeline!: Timeline;
  /** What came with the append that is being handled. */
  #arrived: readonly Entry[] = [];
  #arrivedAfter = 0;

  constructor(world: World, nth: number) {
    super(world, `m${nth}`);
    this.store = new Store(this, world.plan.keepEntries, () => world.diskFailed(this));
    this.begin();
  }

  get committedSeq(): number {
    return this.host.replica.standing.committedSeq;
  }

  /** A process begins on what is on the disk. */
  begin(): void {
    this.up = true;
    this.incarnation = `${this.store.masterId}#${this.life}`;
    this.host = new Host(
      this,
      this.store,
      (effect) => this.#carryOut(effect),
      () => this.follow.aim(),
    );
    this.world.oracle.starts(this.store.masterId, this.host.replica);
    this.shipper = new Shipper(this);
    this.reign = new Reigning(this);
    this.timeline = new Timeline(this);
    this.link = new RouterLink(this);
    this.follow = new Follow(this);
    this.link.begin();
    this.follow.aim();
    const { beatMs } = this.world.plan.replicaTimes;
    this.later(this.world.draws.next() * beatMs, () => this.every(beatMs, () => this.#beat()));
  }

  /** @param power whether the machine went with it: then nobody is told by the network */
  crash(power: boolean): void {
    if (!this.up) return;
    this.host.disposed = true;
    this.end();
    for (const line of [...this.world.network.lines]) {
      if (!line.touches(this)) continue;
      if (power) line.silence(this);
      else line.dies(this);
    }
    this.store.crash();
  }

  override accept(line: Line, opening: Opening): LineEnd | undefined {
    switch (opening.kind) {
      case 'hello':
        return this.shipper.accept(line, opening);
      case 'timeline':
        return this.timeline.accept(line, opening);
      default:
        return undefined;
    }
  }

  soon(run: () => void): void {
    this.later(0.05, run);
  }

  /** Gives the role back in good order; `done` when it is elsewhere, or nobody could take it. */
  resign(done: () => void): void {
    if (this.link.live) this.host.dispatch({ kind: 'resign' });
    const { kind } = this.host.replica.role;
    if (kind !== 'resigning' && kind !== 'resigned') {
      done();
      return;
    }
    const sinceMs = this.nowMs;
    const look = (): void => {
      const { role } = this.host.replica;
      const heard = role.kind === 'following' && (role.source?.acknowledgedSeq ?? 0) > 0;
      if (heard || role.kind === 'available' || this.nowMs - sinceMs > 1000) done();
      else this.later(2, look);
    };
    look();
  }

  /** This process ends; `done` when it is out of the set, or that took too long. */
  leave(done: () => void): void {
    const { host, world } = this;
    const sinceMs = this.nowMs;
    const missed = isMissed(host.replica);
    host.dispatch({ kind: 'leave' });
    const look = (): void => {
      const letGo = !isMissed(host.replica);
      if (letGo && missed) world.counters.count('let go');
      if (letGo || this.nowMs - sinceMs > 100) done();
      else this.later(2, look);
    };
    look();
  }

  hearRouter({ configuration, endedEpochs, reapedEpochs, resignToMasterId }: Told): void {
    if (configuration !== undefined) this.learn(configuration, { endedEpochs, reapedEpochs }, () => {});
    else if (endedEpochs.length > 0) {
      this.host.dispatch({ kind: 'learned', configuration: undefined, endedEpochs });
    }
    if (resignToMasterId !== '') this.host.dispatch({ kind: 'resign' });
  }

  /** R9: a cluster's id is kept before anything of it is followed. */
  learn(
    configuration: Configuration,
    ended: Pick<Told, 'endedEpochs' | 'reapedEpochs'>,
    done: () => void,
  ): void {
    const { clusterId } = this.store.facts;
    const follow = (): void => {
      this.host.dispatch({ kind: 'learned', configuration, ...ended });
      done();
    };
    if (clusterId === configuration.clusterId) follow();
    else if (clusterId === '') this.store.keep({ clusterId: configuration.clusterId }, follow);
    else this.world.oracle.found(`${this.store.masterId} is told of a foreign cluster`);
  }

  take({ append, entries }: Extract<Shipment, { kind: 'append' }>): void {
    this.#arrived = entries;
    this.#arrivedAfter = append.prevSeq;
    this.host.dispatch(append);
  }

  append(entries: readonly Entry[], generation: number, flushed: () => void = () => {}): void {
    const seq = entries.at(-1)?.seq ?? 0;
    this.store.append(entries, () => {
      this.host.dispatch({ kind: 'flushed', seq, generation });
      flushed();
    });
  }

  restore(snapshot: State, done: () => void): void {
    this.world.counters.count('snapshot joins');
    this.store.restore(snapshot, () => {
      this.world.oracle.restores(this.store.masterId, this.store.state);
      this.host.dispatch({ kind: 'restored', seq: snapshot.appliedSeq });
      done();
    });
  }

  giveSnapshot(reply: (snapshot: State) => void): void {
    // What is applied is committed: also before this master serves it may be given away.
    if (!isReign(this.host.replica.role)) return;
    const snapshot = this.store.state.copy();
    this.later(this.world.draws.between(2, 60), () => reply(snapshot));
  }

  #beat(): void {
    this.host.dispatch({ kind: 'tick' });
    this.shipper.beat();
    this.timeline.beat();
  }

  #carryOut(effect: Exclude<Effect, { kind: 'wake' }>): void {
    const { store, world, host } = this;
    switch (effect.kind) {
      case 'keep':
        store.keep({ configuration: effect.configuration });
        return;
      case 'promise':
        store.keep({ promisedEpoch: effect.epoch }, () =>
          host.dispatch({ kind: 'promised', epoch: effect.epoch }),
        );
        return;
      case 'truncate':
        world.counters.count('truncations');
        store.truncateFrom(effect.fromSeq);
        return;
      case 'store':
        this.append(this.#arrived.slice(effect.fromSeq - this.#arrivedAfter - 1), effect.generation);
        return;
      case 'apply':
        this.#apply(effect.toSeq);
        return;
      case 'acknowledge':
        world.oracle.acknowledges(store.masterId, effect);
        this.follow.acknowledge(effect);
        return;
      case 'begin':
        this.append([{ seq: effect.seq, epoch: effect.epoch, id: '' }], effect.generation);
        this.shipper.shipAll();
        return;
      default:
        this.#carryOutRole(effect);
        return;
    }
  }

  #carryOutRole(effect: Exclude<Effect, { kind: 'wake' }>): void {
    const { store, world } = this;
    switch (effect.kind) {
      case 'serve':
        this.reign.serve(effect.epoch);
        return;
      case 'resume':
        this.reign.kick();
        return;
      case 'resigned':
        world.counters.count('resignations');
        this.reign.resigned();
        this.link.ping();
        return;
      case 'step-down':
        world.counters.count('step-downs');
        this.reign.end();
        this.shipper.endAll('moved');
        return;
      case 'ship':
        this.shipper.ship(effect.masterId);
        return;
      case 'snapshot-needed':
        this.shipper.needSnapshot(effect.masterId);
        return;
      case 'dismiss':
        this.shipper.end(effect.masterId, effect.reason);
        return;
      case 'ask':
        this.link.ask(effect);
        return;
      case 'violated':
        world.oracle.found(`${store.masterId} reports: ${effect.what}`);
        return;
      case 'refuse-reign':
        world.counters.count('refused reigns');
        return;
      default:
        undefined;
        return;
    }
  }

  #apply(toSeq: number): void {
    const { store, world, host } = this;
    while (store.state.appliedSeq < toSeq) {
      const entry = store.journal.at(store.state.appliedSeq + 1);
      if (entry === undefined) {
        world.oracle.found(
          `${store.masterId}: ${store.state.appliedSeq + 1} is committed and not in its journal`,
        );
        return;
      }
      const post = store.apply(entry);
      world.oracle.commits(this, entry, host.replica);
      if (post !== undefined) this.timeline.publish(post);
      this.reign.settle(entry.id, entry.seq);
    }
  }
}
