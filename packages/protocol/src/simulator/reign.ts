// What the available master does for clients (M1, M6, M8, M9, M15), as the master's shell does it: proposals, batches, reads.
import { mayRead, mayReadChecked, mayWrite } from '../replica/index.js';
import type { Master } from './master.js';
import type { Answer } from './messages.js';
import type { Post } from './state.js';

type Reply = (answer: Answer) => void;

/** Posts on a page. */
const pageSize = 8;
/** Flushes under way at once. */
const mostFlushes = 2;
/** After a resignation nobody is kept waiting for longer. */
const handOverMs = 1000;

export class Reigning {
  readonly #master: Master;
  /** The epoch that is served; undefined while this is not the available master. */
  #epoch: number | undefined;
  readonly #underWay = new Map<string, Reply[]>();
  #waiting: string[] = [];
  #flushes = 0;
  #scheduled = false;

  constructor(master: Master) {
    this.#master = master;
  }

  get epoch(): number | undefined {
    return this.#epoch;
  }

  /** M7 (6). */
  serve(epoch: number): void {
    this.#epoch = epoch;
  }

  resigned(): void {
    const epoch = this.#epoch;
    this.#master.later(handOverMs, () => {
      if (this.#epoch === epoch) this.end();
    });
  }

  /** M6. */
  end(): void {
    this.#epoch = undefined;
    this.#waiting = [];
    const replies = [...this.#underWay.values()];
    this.#underWay.clear();
    for (const list of replies) for (const reply of list) reply(this.#elsewhere());
    this.#master.timeline.endAll();
  }

  /** Answers when it is committed and applied; attaches to the same command under way (M15). */
  post(id: string, reply: Reply): void {
    const { store, host, nowMs, world } = this.#master;
    if (!this.reigns()) {
      reply(this.#elsewhere());
      return;
    }
    const underWay = this.#underWay.get(id);
    if (underWay !== undefined) {
      world.counters.count('attached retries');
      underWay.push(reply);
      return;
    }
    const seq = store.state.answers.get(id);
    if (seq !== undefined) {
      world.counters.count('answered again');
      reply(this.#done(seq));
      return;
    }
    if (store.health.full) {
      reply(this.#refused('DISK_FULL'));
      return;
    }
    const { role } = host.replica;
    if (role.kind === 'available' && !mayWrite(host.replica, nowMs)) {
      world.counters.count('below the floor');
      reply(this.#refused('BELOW_MIN_IN_SYNC')); // R5
      return;
    }
    this.#underWay.set(id, [reply]);
    this.#waiting.push(id);
    this.kick();
  }

  /** M9: shows a state that holds everything acknowledged before this call. */
  read(reply: Reply): void {
    const { host, nowMs, link, world } = this.#master;
    const epoch = this.#epoch;
    if (!this.reigns() || epoch === undefined) {
      reply(this.#elsewhere());
      return;
    }
    if (mayRead(host.replica, nowMs) === 'lease') {
      world.counters.count('leased reads');
      reply(this.#shown());
      return;
    }
    world.counters.count('leases refused');
    link.check((confirmed) => {
      if (confirmed === undefined || confirmed !== epoch || !this.reigns()) return reply(this.#elsewhere());
      if (!mayReadChecked(this.#master.host.replica, confirmed)) return reply(this.#elsewhere()); // M8, M9
      world.counters.count('router-checked reads');
      reply(this.#shown());
    });
  }

  reigns(): boolean {
    const { role } = this.#master.host.replica;
    return this.#epoch !== undefined && (role.kind === 'available' || role.kind === 'resigning');
  }

  /** M1: after commit and apply. */
  settle(id: string, seq: number): void {
    const replies = this.#underWay.get(id);
    if (replies === undefined) return;
    this.#underWay.delete(id);
    for (const reply of replies) reply(this.#done(seq));
  }

  /** Everything that arrives in this turn shares a batch. */
  kick(): void {
    if (this.#scheduled || this.#waiting.length === 0 || this.#flushes >= mostFlushes) return;
    this.#scheduled = true;
    this.#master.later(0.05, () => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    const { host, store } = this.#master;
    const { role, standing } = host.replica;
    if (role.kind !== 'available' || this.#waiting.length === 0) return;
    const ids = this.#waiting.splice(0);
    const firstSeq = store.journal.lastSeq + 1;
    const entries = ids.map((id, nth) => ({ seq: firstSeq + nth, epoch: role.epoch, id }));
    this.#flushes++;
    this.#master.append(entries, standing.generation, () => {
      this.#flushes--;
      this.kick();
    });
    this.#master.shipper.shipAll();
    this.kick();
  }

  #done(seq: number, page: readonly Post[] = [], whole = false): Answer {
    const { role } = this.#master.host.replica;
    const epoch = this.#epoch ?? ('epoch' in role ? role.epoch : 0);
    return { kind: 'done', seq, epoch, page, whole };
  }

  #shown(): Answer {
    const { posts, appliedSeq } = this.#master.store.state;
    return this.#done(appliedSeq, posts.slice(-pageSize).reverse(), posts.length <= pageSize);
  }

  #elsewhere(): Answer {
    return this.#refused('NOT_AVAILABLE_MASTER');
  }

  #refused(reason: string): Answer {
    const { configuration, promisedEpoch } = this.#master.host.replica.standing;
    const known = configuration !== undefined && configuration.epoch >= promisedEpoch;
    const masterId = known ? configuration.availableId : '';
    return { kind: 'refused', masterId, epoch: promisedEpoch, reason };
  }
}
