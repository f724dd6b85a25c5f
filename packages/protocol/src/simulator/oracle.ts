// What must hold after every step, kept so that each step costs little.
import type { Configuration, Durable, Refused, RouterEvent } from '../configuration/index.js';
import { type Acknowledge, isReign, type Reign, type Replica } from '../replica/index.js';
import type { Entry, Journal } from './journal.js';
import type { Master } from './master.js';
import { chain, type Post, type State } from './state.js';
import type { World } from './world.js';

/** A promise is broken: the schedule ends here. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

export class Oracle {
  readonly findings: string[] = [];
  /** The one committed history, by seq. */
  readonly order: Entry[] = [{ seq: 0, epoch: 0, id: '' }];
  readonly #hashes: number[] = [0];
  readonly #places = new Map<string, number>();
  /** Whoever commits in an epoch. */
  readonly #committers = new Map<number, string>();
  /** The newest epoch in which a storage has acknowledged anything. */
  readonly #accepted = new Map<string, number>();
  /** That ever was on the router's disk. */
  #newest: Configuration | undefined;
  readonly acknowledgements = new Map<string, number>();
  /** The newest that anybody outside was told or shown. */
  shownSeq = 0;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  get lastSeq(): number {
    return this.order.length - 1;
  }

  found(what: string): never {
    this.findings.push(`${this.#world.schedule.nowMs.toFixed(1)} ms: ${what}`);
    throw new Broken(what);
  }

  /** An entry is applied: it is part of the one history (M1, M12), and its copies are where they must be. */
  commits({ store, incarnation }: Master, entry: Entry, { role }: Replica): void {
    const { seq, epoch, id } = entry;
    const by = store.masterId;
    if (isReign(role)) this.#oneCommitter(role.epoch, incarnation);
    if (seq > this.lastSeq) this.#extend(by, entry);
    const known = this.order[seq];
    if (known?.epoch !== epoch || known.id !== id) {
      this.found(
        `M1: ${by} applies ${id}@${epoch} at ${seq}, where ${known?.id}@${known?.epoch} is committed`,
      );
    }
    if (store.state.hash !== this.#hashes[seq])
      this.found(`M12: the state of ${by} at ${seq} is not that of the others`);
  }

  restores(by: string, { appliedSeq, hash }: State): void {
    if (hash !== this.#hashes[appliedSeq])
      this.found(`M12: ${by} got a snapshot that never was at ${appliedSeq}`);
  }

  truncates(by: string, journal: Journal, fromSeq: number): void {
    if (fromSeq <= this.lastSeq && journal.epochAt(fromSeq) === this.order[fromSeq]?.epoch) {
      this.found(`M2: ${by} cuts off ${fromSeq}, which is committed`);
    }
  }

  acknowledges(by: string, { verdict, epoch }: Acknowledge): void {
    if (verdict === 'stale-epoch') this.#world.counters.count('fenced appends');
    if (verdict === 'mismatch') this.#world.counters.count('mismatches');
    if (verdict === 'accepted') this.#accepted.set(by, epoch);
  }

  starts(by: string, { standing }: Replica): void {
    const accepted = this.#accepted.get(by) ?? 0;
    if (standing.promisedEpoch < accepted) this.found(`M2: ${by} has forgotten its promise to ${accepted}`);
    if (this.#newest?.inSyncIds.includes(by) === true) this.#holdsAll(by, this.#newest);
  }

  /** A step of a replica: what only grows has not shrunk. */
  stands(by: string, before: Replica, after: Replica): void {
    const was = before.standing;
    const is = after.standing;
    if (isReign(before.role) && isReign(after.role)) this.#settles(before.role, after.role);
    if (was === is) return;
    if (is.promisedEpoch < was.promisedEpoch) this.found(`M2: the promise of ${by} went back`);
    if (is.committedSeq < was.committedSeq) this.found(`M2: what ${by} knows to be committed went back`);
    const version = was.configuration?.version ?? 0;
    if ((is.configuration?.version ?? 0) < version)
      this.found(`R1: ${by} went back before version ${version}`);
  }

  /** The router's state is on its disk. */
  configures({ configuration: before }: Durable, { configuration: after }: Durable): void {
    if (before === after || after === undefined) return;
    const { counters } = this.#world;
    for (const id of after.inSyncIds) this.#holdsAll(id, after);
    const { version = 0, epoch = 0 } = this.#newest ?? {};
    if (after.version <= version || after.epoch < epoch)
      this.found(`R1: version ${after.version} of epoch ${after.epoch} after ${version} of ${epoch}`);
    this.#newest = after;
    if (after.epoch > epoch) this.#world.reignBegins(after);
    if (before === undefined) return;
    const floor = Math.min(before.minInSync, before.inSyncIds.length);
    const rebuilt = this.#world.router.recovers && after.epoch > before.epoch;
    if (after.inSyncIds.length < floor && !rebuilt)
      this.found(`R5: ${after.inSyncIds.length} in sync, ${floor} at least`);
    if (after.epoch > before.epoch) this.#reigns(before, after);
    if (after.inSyncIds.length < before.inSyncIds.length) counters.count('shrinks');
    if (after.inSyncIds.length > before.inSyncIds.length) counters.count('grows');
    if (this.#world.tracing) this.#world.note('router', { durable: after });
  }

  #reigns(before: Configuration, after: Configuration): void {
    const { counters, recording } = this.#world;
    const former = this.#world.masterOf(before.availableId);
    recording.epochs.push(after.epoch);
    if (after.availableId === before.availableId) counters.count('reigns renewed');
    else if (former?.up === true && former.host.replica.role.kind === 'resigned')
      counters.count('switchovers');
    else counters.count('failovers');
  }

  decides(event: RouterEvent, refused: Refused | undefined): void {
    if (event.kind === 'pinged' || event.kind === 'ticked' || refused === undefined) return;
    if (refused.reason === 'STALE_EPOCH') this.#world.counters.count('stale epochs');
    if (refused.reason === 'STALE_VERSION') this.#world.counters.count('stale versions');
  }

  /** What was told before a call was tried; and for whom the answer was that it took. */
  believes(by: string, epoch: number, toldEpoch: number): void {
    if (epoch < toldEpoch) this.found(`C3: ${by} takes an answer of ${epoch} and knew of ${toldEpoch}`);
  }

  acknowledged(id: string, seq: number, epoch: number): void {
    if (this.order[seq]?.id !== id)
      this.found(`M1: ${id} was acknowledged at ${seq} in epoch ${epoch}, and is not there`);
    const before = this.acknowledgements.get(id);
    if (before !== undefined && before !== seq)
      this.found(`M15: ${id} was acknowledged at ${before} and at ${seq}`);
    this.acknowledgements.set(id, seq);
    this.shownSeq = Math.max(this.shownSeq, seq);
    this.#world.counters.count('posts acknowledged');
  }

  read(reader: string, by: string, seq: number, floorSeq: number): void {
    if (seq < floorSeq) this.found(`M9: ${by} showed ${reader} ${seq}, ${floorSeq} was known before`);
    this.shownSeq = Math.max(this.shownSeq, seq);
    this.#world.counters.count('reads answered');
  }

  shows(reader: string, by: string, { seq, id, epoch, prevSeq }: Post, lastSeq: number | undefined): void {
    const known = this.order[seq];
    if (known?.id !== id || known.epoch !== epoch)
      this.found(`C2: ${by} showed ${reader} ${id} at ${seq}: not committed`);
    if (lastSeq !== undefined && prevSeq !== lastSeq) {
      this.found(`C2: ${by} showed ${reader} ${seq} after ${prevSeq}, the last one was ${lastSeq}`);
    }
    this.shownSeq = Math.max(this.shownSeq, seq);
    this.#world.counters.count('timeline entries');
  }

  /** M5: asked for more than once, or for the set as it was, before a later version closed it. */
  #settles({ pending, asked }: Reign, after: Reign): void {
    if (pending === undefined || after.pending?.sinceVersion === pending.sinceVersion || asked === undefined)
      return;
    const again = asked.version > pending.sinceVersion || asked.inSyncIds.length < pending.inSyncIds.length;
    if (again || asked.refused) this.#world.counters.count('pending grows resolved by a later version');
  }

  #oneCommitter(epoch: number, incarnation: string): void {
    const known = this.#committers.get(epoch);
    if (known === undefined) this.#committers.set(epoch, incarnation);
    else if (known !== incarnation)
      this.found(`M7: ${known} and ${incarnation} both commit in epoch ${epoch}`);
  }

  #extend(by: string, entry: Entry): void {
    const { seq, id } = entry;
    if (seq !== this.lastSeq + 1) this.found(`M1: ${by} commits ${seq} after ${this.lastSeq}`);
    const place = this.#places.get(id);
    if (id !== '' && place !== undefined) this.found(`M7: ${id} is committed at ${place} and at ${seq}`);
    if (id !== '') this.#places.set(id, seq);
    this.#hashes[seq] = chain(this.#hashes[seq - 1] ?? 0, entry);
    this.order[seq] = entry;
    for (const memberId of this.#newest?.inSyncIds ?? []) this.#holds(memberId, entry);
  }

  /** M1: whoever is recorded as in sync has it on its disk. */
  #holds(masterId: string, { seq, epoch }: Entry): void {
    const image = this.#world.masterOf(masterId)?.store.image;
    if (image === undefined || seq < image.firstSeq) return;
    if (image.epochAt(seq) !== epoch)
      this.found(`M1: ${masterId} is in sync and has not ${seq} of epoch ${epoch} on its disk`);
  }

  /** Equal in its last place, equal in all before. */
  #holdsAll(masterId: string, { version }: Configuration): void {
    const last = this.order[this.lastSeq];
    const image = this.#world.masterOf(masterId)?.store.image;
    if (last === undefined || last.seq === 0 || image === undefined || last.seq < image.firstSeq) return;
    if (image.epochAt(last.seq) === last.epoch) return;
    this.found(
      `M5: ${masterId} is in sync in version ${version} and has not ${last.seq} of epoch ${last.epoch}`,
    );
  }
}
