import type { Configuration } from '../../src/configuration/configuration.js';
import type { ToyWorld } from './toy-world.js';

interface Heard {
  readonly atMs: number;
  readonly incarnation: number;
  readonly lastSeq: number;
}

/** Always up, and right: what it may get wrong is the router package's own matter. */
export class ToyRouter {
  configuration: Configuration | undefined;
  endedEpochs: number[] = [];
  readonly #world: ToyWorld;
  readonly #heard = new Map<string, Heard>();
  /** Which incarnation the present reign belongs to. */
  #reigning = 0;

  constructor(world: ToyWorld) {
    this.#world = world;
    world.after(40, () => this.#tick());
  }

  form(masterId: string, incarnation: number): void {
    const listing = { masterId, address: masterId };
    const known = this.configuration;
    if (known === undefined) this.#reigning = incarnation;
    this.configuration = {
      clusterId: 'toy',
      version: 1,
      epoch: 1,
      availableId: known?.availableId ?? masterId,
      inSyncIds: [...(known?.inSyncIds ?? []), masterId],
      masters: [...(known?.masters ?? []), listing],
      minInSync: this.#world.plan.minInSync,
      history: 1,
    };
  }

  get now(): Configuration {
    if (this.configuration === undefined) throw new Error('no cluster');
    return this.configuration;
  }

  /** A wiped directory is another master (R7). */
  replace(address: string, masterId: string): void {
    const masters = this.now.masters.filter(
      (listing) => listing.address !== address || this.now.inSyncIds.includes(listing.masterId),
    );
    this.configuration = {
      ...this.now,
      version: this.now.version + 1,
      masters: [...masters, { masterId, address }],
    };
  }

  ping(masterId: string, incarnation: number, lastSeq: number, resignedEpoch: number): void {
    this.#heard.set(masterId, { atMs: this.#world.nowMs, incarnation, lastSeq });
    if (resignedEpoch === this.now.epoch && masterId === this.now.availableId) {
      this.#certify(resignedEpoch);
      this.#choose(true);
    }
    this.#tell(masterId);
  }

  died(masterId: string, incarnation: number): void {
    if (masterId === this.now.availableId && incarnation === this.#reigning) this.#certify(this.now.epoch);
  }

  alter(masterId: string, epoch: number, version: number, inSyncIds: readonly string[]): boolean {
    const { now } = this;
    const wrong =
      version !== now.version ||
      epoch !== now.epoch ||
      masterId !== now.availableId ||
      inSyncIds.length < Math.min(now.minInSync, now.inSyncIds.length) ||
      inSyncIds.some((id) => !now.inSyncIds.includes(id) && !this.#alive(id));
    if (wrong) return false;
    this.configuration = { ...now, version: version + 1, inSyncIds };
    this.#world.note(`router: v${version + 1} in sync ${inSyncIds.join(' ')}`);
    this.#broadcast();
    return true;
  }

  reigns(masterId: string, epoch: number): boolean {
    return this.now.availableId === masterId && this.now.epoch === epoch;
  }

  #tick(): void {
    const heard = this.#heard.get(this.now.availableId);
    const lost =
      heard === undefined ||
      this.#world.nowMs - heard.atMs > this.#world.suspicionMs ||
      heard.incarnation !== this.#reigning ||
      this.endedEpochs.includes(this.now.epoch);
    if (lost) this.#choose(false);
    this.#world.after(this.#world.between(30, 60), () => this.#tick());
  }

  #choose(withoutPresent: boolean): void {
    const { now } = this;
    const able = now.inSyncIds.filter((id) => this.#alive(id));
    const others = able.filter((id) => id !== now.availableId);
    const candidates = others.length > 0 ? others : withoutPresent ? [] : able;
    if (candidates.length === 0) return;
    const chosen = this.#world.pick(candidates);
    this.#reigning = this.#heard.get(chosen)?.incarnation ?? 0;
    this.configuration = { ...now, version: now.version + 1, epoch: now.epoch + 1, availableId: chosen }; // R4
    this.#world.note(`router: v${now.version + 1} epoch ${now.epoch + 1} to ${chosen}`);
    this.#broadcast();
  }

  #alive(masterId: string): boolean {
    const heard = this.#heard.get(masterId);
    return heard !== undefined && this.#world.nowMs - heard.atMs < 250;
  }

  #certify(epoch: number): void {
    if (!this.endedEpochs.includes(epoch)) this.endedEpochs = [...this.endedEpochs, epoch].slice(-16);
  }

  #broadcast(): void {
    for (const master of this.#world.masters) this.#tell(master.masterId);
  }

  #tell(masterId: string): void {
    const { configuration, endedEpochs } = this;
    const master = this.#world.masters.find((one) => one.masterId === masterId);
    this.#world.send('router', master?.name ?? '', () =>
      master?.hear({ kind: 'learned', configuration, endedEpochs }),
    );
  }
}
