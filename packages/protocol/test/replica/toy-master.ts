import type { Acknowledgement, Append, Effect, Replica, ReplicaEvent } from '../../src/replica/index.js';
import type { ToyWorld } from './toy-world.js';

interface Entry {
  readonly epoch: number;
  readonly id: string;
}

/** A replica core with a disk, a clock of its own rate, and a shell as thin as can be. */
export class ToyMaster {
  readonly name: string;
  masterId: string;
  incarnation = 1;
  up = true;
  paused = false;
  replica: Replica;
  readonly #world: ToyWorld;
  readonly #rate: number;
  #storages = 1;
  #journal: Entry[] = [];
  #flushed = 0;
  #promised = 0;
  #applied = 0;
  #keptConfiguration: Replica['standing']['configuration'];
  /** What came in while it stood still. */
  #held: (() => void)[] = [];
  #waiting = new Map<string, { seq: number; tell: ((seq: number) => void)[] }>();
  /** Where each id is, as far as the state and what was proposed here tell (M15). */
  #places = new Map<string, number>();
  #arrived: readonly Entry[] = [];
  #arrivedAfter = 0;

  constructor(world: ToyWorld, nth: number) {
    this.#world = world;
    this.name = `m${nth}`;
    this.masterId = `${this.name}.1`;
    this.#rate = 1 + (world.draw() * 2 - 1) * 0.01;
    this.replica = this.#open();
    this.#beat(this.incarnation);
  }

  get committed(): number {
    return this.replica.standing.committedSeq;
  }

  get ids(): readonly string[] {
    return this.#journal.slice(0, this.committed).map(({ id }) => id);
  }

  get lastSeq(): number {
    return this.#journal.length;
  }

  /** Something arrived over the network. */
  hear(event: ReplicaEvent): void {
    this.#whenAwake(() => this.#step(event));
  }

  crash(wipe: boolean): void {
    const { incarnation, masterId } = this;
    this.up = false;
    this.paused = false;
    this.incarnation++;
    this.#held = [];
    const torn = this.#flushed + Math.floor(this.#world.draw() * (this.#journal.length - this.#flushed + 1));
    this.#journal.length = Math.min(torn, this.#journal.length);
    this.#flushed = this.#journal.length;
    if (wipe) this.#wipe();
    this.#world.note(`${this.name} crashed${wipe ? ', disk wiped' : ''}, journal ${this.#journal.length}`);
    if (this.#world.draw() < 0.7) {
      this.#world.send('watchdog', 'router', () => this.#world.router.died(masterId, incarnation));
    }
  }

  start(): void {
    this.up = true;
    this.incarnation++;
    this.#waiting = new Map();
    this.#places = new Map();
    this.#applied = 0;
    this.replica = this.#open();
    this.#beat(this.incarnation);
    if (this.#storages > 1) this.#world.router.replace(this.name, this.masterId);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    const held = this.#held;
    this.#held = [];
    for (const run of held) this.#whenAwake(run);
  }

  /** A client's post; `refused` at once when this is not the one. */
  post(id: string, acknowledged: (seq: number) => void, refused: () => void): void {
    this.#whenAwake(() => {
      if (this.replica.role.kind !== 'available') return refused();
      const seq = this.#places.get(id) ?? 0;
      if (seq > 0 && seq <= this.committed) return acknowledged(seq);
      if (seq > 0) {
        this.#waiting.set(id, { seq, tell: [...(this.#waiting.get(id)?.tell ?? []), acknowledged] }); // M15
        return;
      }
      this.#append({ epoch: this.replica.role.epoch, id });
      this.#places.set(id, this.lastSeq);
      this.#waiting.set(id, { seq: this.lastSeq, tell: [acknowledged] });
      this.#flush(this.lastSeq, this.replica.standing.generation);
      this.#shipAll();
    });
  }

  read(answered: (committed: number) => void, refused: () => void): void {
    this.#whenAwake(() => {
      const answer = this.#world.core.mayRead(this.replica, this.#clock());
      if (answer === 'refuse' || this.replica.role.kind === 'fresh' || !('epoch' in this.replica.role)) {
        return refused();
      }
      if (answer === 'lease') return answered(this.committed);
      const { epoch } = this.replica.role;
      this.#world.send(this.name, 'router', () => {
        const yes = this.#world.router.reigns(this.masterId, epoch);
        this.#world.send('router', this.name, () =>
          this.#whenAwake(() => {
            if (yes && this.#world.core.mayReadChecked(this.replica, epoch)) answered(this.committed);
          }),
        );
      });
    });
  }

  resign(): void {
    this.hear({ kind: 'resign' });
  }

  #wipe(): void {
    this.#journal = [];
    this.#flushed = 0;
    this.#promised = 0;
    this.#keptConfiguration = undefined;
    this.masterId = `${this.name}.${++this.#storages}`;
  }

  #clock(): number {
    return this.#world.nowMs * this.#rate;
  }

  #open(): Replica {
    const { leaseMs, lagMs } = this.#world;
    const settings = { ...this.#world.core.defaultReplicaTimes, leaseMs, lagMs, masterId: this.masterId };
    const found = {
      promisedEpoch: this.#promised,
      configuration: this.#keptConfiguration,
      lastSeq: this.lastSeq,
      lastEpoch: this.#journal.at(-1)?.epoch ?? 0,
      appliedSeq: 0,
    };
    return this.#world.core.openReplica(settings, found, this.#clock());
  }

  #whenAwake(run: () => void): void {
    if (!this.up) return;
    if (this.paused) this.#held.push(run);
    else run();
  }

  #beat(incarnation: number): void {
    this.#world.after(this.#world.between(60, 100), () => {
      if (incarnation !== this.incarnation) return;
      this.#whenAwake(() => this.#tick());
      this.#beat(incarnation);
    });
  }

  #tick(): void {
    const { masterId, incarnation, lastSeq } = this;
    const { role } = this.replica;
    const resigned = role.kind === 'resigned' ? role.epoch : 0;
    this.#world.send(this.name, 'router', () =>
      this.#world.router.ping(masterId, incarnation, lastSeq, resigned),
    );
    this.#step({ kind: 'tick' });
    this.#shipAll();
    this.#dial();
  }

  /** A standby that hears nothing dials anew. */
  #dial(): void {
    const { role, standing } = this.replica;
    const availableId = standing.configuration?.availableId;
    if (role.kind !== 'following' || availableId === undefined || availableId === this.masterId) return;
    if (role.source?.epoch === standing.promisedEpoch && this.#clock() - role.source.heardAtMs < 200) return;
    const hello: ReplicaEvent = {
      kind: 'hello',
      masterId: this.masterId,
      incarnation: String(this.incarnation),
      epoch: standing.promisedEpoch,
      lastSeq: this.lastSeq,
      lastEpoch: this.#journal.at(-1)?.epoch ?? 0,
      committedSeq: standing.committedSeq,
    };
    const to = this.#world.masters.find(({ masterId }) => masterId === availableId);
    if (to !== undefined) this.#world.send(this.name, to.name, () => to.hear(hello));
  }

  #step(event: ReplicaEvent): void {
    const { journal } = this;
    const { replica, effects } = this.#world.core.step(this.replica, event, this.#clock(), journal);
    this.replica = replica;
    for (const effect of effects) this.#carryOut(effect);
  }

  get journal() {
    return {
      firstSeq: 1,
      lastSeq: this.lastSeq,
      epochAt: (seq: number) => this.#journal[seq - 1]?.epoch,
    };
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'keep':
        this.#keptConfiguration = effect.configuration;
        break;
      case 'promise':
        this.#later(this.#world.between(0, 6), () => {
          this.#promised = Math.max(this.#promised, effect.epoch);
          this.#step({ kind: 'promised', epoch: effect.epoch });
        });
        break;
      case 'truncate':
        this.#journal.length = effect.fromSeq - 1;
        this.#flushed = Math.min(this.#flushed, effect.fromSeq - 1);
        break;
      case 'store':
        for (const entry of this.#arrived.slice(effect.fromSeq - this.#arrivedAfter - 1)) this.#append(entry);
        this.#flush(effect.toSeq, effect.generation);
        break;
      case 'begin':
        this.#append({ epoch: effect.epoch, id: `begin-${effect.epoch}` });
        this.#flush(effect.seq, effect.generation);
        this.#shipAll();
        break;
      case 'apply':
        this.#apply(effect.toSeq);
        break;
      case 'acknowledge':
        this.#acknowledge(effect);
        break;
      case 'ship':
        this.#shipTo(effect.masterId);
        break;
      case 'ask':
        this.#ask(effect);
        break;
      case 'wake':
        this.#later(Math.max(0, effect.atMs - this.#clock()) / this.#rate + 0.01, () =>
          this.#step({ kind: 'tick' }),
        );
        break;
      case 'step-down':
        this.#waiting = new Map();
        for (const [id, seq] of this.#places) if (seq > this.committed) this.#places.delete(id);
        break;
      case 'violated':
        this.#world.found(`VIOLATED at ${this.masterId}: ${effect.what}`);
        break;
      default:
        break;
    }
    if (effect.kind !== 'keep') this.#world.note(this.masterId, effect);
  }

  /** On this machine, after a while; a crash forgets it. */
  #later(ms: number, run: () => void): void {
    const { incarnation } = this;
    this.#world.after(ms, () => {
      if (incarnation === this.incarnation) this.#whenAwake(run);
    });
  }

  #append(entry: Entry): void {
    this.#journal.push(entry);
  }

  #flush(seq: number, generation: number): void {
    this.#later(
      this.#world.draw() < this.#world.fastDisk ? this.#world.between(0, 2) : this.#world.between(5, 200),
      () => {
        if (generation === this.replica.standing.generation) this.#flushed = Math.max(this.#flushed, seq);
        this.#step({ kind: 'flushed', seq, generation });
      },
    );
  }

  #apply(toSeq: number): void {
    while (this.#applied < toSeq) {
      const seq = ++this.#applied;
      const entry = this.#journal[seq - 1];
      this.#places.set(entry?.id ?? '', seq);
      this.#world.committed(this.masterId, seq, `${entry?.id}@${entry?.epoch}`);
      const waiting = this.#waiting.get(entry?.id ?? '');
      if (waiting?.seq !== seq) continue;
      this.#waiting.delete(entry?.id ?? '');
      for (const tell of waiting.tell) tell(seq);
    }
  }

  #acknowledge({
    to,
    epoch,
    verdict,
    seq,
    hintSeq,
    sentAtMs,
  }: Extract<Effect, { kind: 'acknowledge' }>): void {
    const { masterId, name } = this;
    const heard: Acknowledgement = {
      kind: 'acknowledgement',
      masterId,
      incarnation: String(this.incarnation),
      epoch,
      verdict,
      seq,
      hintSeq,
      sentAtMs,
    };
    const master = this.#world.masters.find((one) => one.masterId === to);
    if (master !== undefined) this.#world.send(name, master.name, () => master.hear(heard));
  }

  #shipAll(): void {
    const { role } = this.replica;
    if ('peers' in role) for (const peer of role.peers) this.#shipTo(peer.masterId);
  }

  #shipTo(masterId: string): void {
    const { role, standing } = this.replica;
    const to = this.#world.masters.find((one) => one.masterId === masterId);
    const peer = 'peers' in role ? role.peers.find((one) => one.masterId === masterId) : undefined;
    if (!('peers' in role) || to === undefined || peer === undefined || peer.incarnation === '') return;
    const prevSeq = Math.min(peer.nextSeq - 1, this.lastSeq);
    const entries = this.#journal.slice(prevSeq, prevSeq + 20);
    const append: Append = {
      kind: 'append',
      from: this.masterId,
      epoch: role.epoch,
      prevSeq,
      prevEpoch: this.#journal[prevSeq - 1]?.epoch ?? 0,
      runs: entries.map(({ epoch }) => ({ epoch, count: 1 })),
      committedSeq: standing.committedSeq,
      sentAtMs: this.#clock(),
    };
    this.#world.send(this.name, to.name, () => to.take(append, entries));
    this.#step({ kind: 'shipped', masterId, seq: prevSeq + entries.length });
  }

  take(append: Append, entries: readonly Entry[]): void {
    this.#whenAwake(() => {
      this.#arrived = entries;
      this.#arrivedAfter = append.prevSeq;
      this.#step(append);
    });
  }

  #ask({ number, epoch, version, inSyncIds }: Extract<Effect, { kind: 'ask' }>): void {
    const { masterId } = this;
    this.#world.send(this.name, 'router', () => {
      const done = this.#world.router.alter(masterId, epoch, version, inSyncIds);
      const { configuration, endedEpochs } = this.#world.router;
      this.#world.send('router', this.name, () => {
        this.hear({ kind: 'learned', configuration, endedEpochs });
        this.hear({ kind: 'altered', number, answer: done ? 'done' : 'refused' });
      });
    });
  }
}
