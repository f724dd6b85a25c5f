// A client: a small model of the client's rules, since the simulator imports no other package.
// C1 ids before the first try; C3 the highest epoch; C4 unknown is tried again, with the same id; C5 pauses between the tries.
import { Backoff } from './backoff.js';
import type { Line } from './line.js';
import type { Master } from './master.js';
import type { Answer, Available } from './messages.js';
import { Process } from './process.js';
import type { World } from './world.js';

interface Call {
  readonly id: string;
  readonly isRead: boolean;
  /** What everybody knew of when this was asked: a read must show it. */
  readonly floorSeq: number;
  readonly backoff: Backoff;
  readonly sinceMs: number;
  tries: number;
  done: boolean;
}

/** Of one try. */
const tryMs = 300;

export class Client extends Process {
  /** When the latest post was begun that was acknowledged. */
  postedSinceMs = 0;
  idle = true;
  #target: Master;
  #epoch = 0;
  #count = 0;
  #watching: Line | undefined;
  /** Any gRPC client: it asks where it always asked, waits long, and remembers no epoch. */
  readonly #simple: boolean;
  readonly #thinkMs: number;
  readonly #reads: number;

  constructor(world: World, nth: number) {
    super(world, `c${nth}`);
    const { draws } = world;
    this.#target = draws.pick(world.masters);
    this.#simple = draws.chance(0.4);
    this.#thinkMs = draws.pick([10, 40, 120]);
    this.#reads = draws.pick([0.2, 0.5]);
    if (!this.#simple) this.later(draws.between(1, 50), () => this.#watch());
    this.later(draws.between(20, 100), () => this.#next());
  }

  #watch(): void {
    const { world } = this;
    const line: Line = world.network.open(
      this,
      world.router,
      { kind: 'watch' },
      {
        onMessage: (message) => this.#learn(message as Available),
        onClosed: () => {
          if (this.#watching !== line) return;
          this.later(world.draws.between(5, 200), () => this.#watch());
        },
      },
    );
    this.#watching = line;
  }

  #learn({ masterId, epoch }: { masterId: string; epoch: number }): void {
    if (masterId === '' || (epoch < this.#epoch && !this.#simple)) return;
    this.#epoch = epoch; // C3
    this.#target = this.world.masterOf(masterId) ?? this.#target;
  }

  #next(): void {
    this.idle = this.world.stopped;
    if (this.idle) return;
    const { draws, oracle, schedule } = this.world;
    const call: Call = {
      id: `${this.name}-${++this.#count}`,
      isRead: draws.chance(this.#reads),
      floorSeq: oracle.shownSeq,
      backoff: new Backoff(draws),
      sinceMs: schedule.nowMs,
      tries: 0,
      done: false,
    };
    call.backoff.nextMs();
    this.#try(call);
  }

  #try(call: Call): void {
    if (call.done) return;
    const { world } = this;
    const { draws } = world;
    // Some do not know better, and ask one that was available long ago.
    const astray = !world.network.calm && draws.chance(this.#simple && call.isRead ? 0.25 : 0.05);
    const to = astray || call.tries % 5 === 4 ? draws.pick(world.masters) : this.#target;
    call.tries++;
    world.network.call<Answer>(
      this,
      to,
      this.#simple && !world.network.calm ? 4 * tryMs : tryMs,
      (reply) => (call.isRead ? to.reign.read(reply) : to.reign.post(call.id, reply)),
      (answer) => this.#answered(call, to, answer),
    );
    // C4: nobody knows whether it arrived; the same id goes to whoever is available by then.
    if (!call.isRead && !world.network.calm && draws.chance(0.02))
      this.later(draws.between(0, 100), () => this.#try(call));
  }

  #answered(call: Call, by: Master, answer: Answer | undefined): void {
    if (call.done) return;
    if (answer?.kind === 'done' && (this.#simple || answer.epoch >= this.#epoch)) {
      this.#epoch = answer.epoch;
      this.#finish(call, by, answer.seq, answer.epoch);
      return;
    }
    if (answer?.kind === 'done') this.world.counters.count('answers of an older epoch');
    if (answer?.kind === 'refused') this.#learn(answer);
    else this.#askRouter();
    this.later(call.backoff.nextMs(), () => this.#try(call));
  }

  #finish(call: Call, by: Master, seq: number, epoch: number): void {
    const { oracle, draws } = this.world;
    call.done = true;
    if (!call.isRead) this.postedSinceMs = call.sinceMs;
    if (call.isRead) oracle.read(this.name, by.name, seq, call.floorSeq);
    else oracle.acknowledged(call.id, seq, epoch);
    if (this.world.tracing)
      this.world.note(this.name, { call: call.id, isRead: call.isRead, by: by.name, seq, epoch });
    this.later(draws.next() * this.#thinkMs, () => this.#next());
  }

  #askRouter(): void {
    const { world } = this;
    world.network.call<Available | undefined>(
      this,
      world.router,
      200,
      (reply) => reply(world.router.whoIsAvailable()),
      (answer) => {
        if (answer !== undefined) this.#learn(answer);
      },
    );
  }
}
