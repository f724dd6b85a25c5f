// Any gRPC client: it asks where it always asked, waits long, remembers no epoch, and repeats itself with the same id until it is done.
import { retryPauseMs } from '../caller/index.js';
import type { Ask, Calling, Ended } from './client.js';
import type { Master } from './master.js';
import type { Answer } from './messages.js';
import type { Process } from './process.js';

const calmTryMs = 300;
const tryMs = 4 * calmTryMs;
const routerMs = 200;
/** Its requests may be doubled on the way: how often each was sent, it cannot say. */
const triesAtLeast = 2;

interface Call {
  readonly ask: Ask;
  readonly ended: (ended: Ended, tries: number) => void;
  retries: number;
  done: boolean;
}

export class SimpleCaller implements Calling {
  readonly #owner: Process;
  #target: Master;

  constructor(owner: Process) {
    this.#owner = owner;
    this.#target = owner.world.draws.pick(owner.world.masters);
  }

  call(ask: Ask, ended: Call['ended']): void {
    this.#try({ ask, ended, retries: 0, done: false });
  }

  #try(call: Call): void {
    if (call.done) return;
    const { network, draws, masters } = this.#owner.world;
    const { id, isRead } = call.ask;
    // Some do not know better, and ask one that was available long ago.
    const astray = !network.calm && draws.chance(isRead ? 0.25 : 0.05);
    const to = astray || call.retries % 5 === 4 ? draws.pick(masters) : this.#target;
    network.call<Answer>(
      this.#owner,
      to,
      network.calm ? calmTryMs : tryMs,
      (reply) => (isRead ? to.reign.read(reply) : to.reign.post(id, reply)),
      (answer) => this.#answered(call, to, answer),
    );
    // Nobody knows whether it arrived; the same id goes to whoever is available by then.
    if (!isRead && !network.calm && draws.chance(0.02))
      this.#owner.later(draws.between(0, 100), () => this.#try(call));
  }

  #answered(call: Call, by: Master, answer: Answer | undefined): void {
    if (call.done) return;
    if (answer?.kind === 'done') {
      call.done = true;
      call.ended({ kind: 'done', by, answer }, triesAtLeast);
      return;
    }
    if (answer === undefined) this.#askRouter();
    else this.#learn(answer.masterId);
    this.#owner.later(retryPauseMs(++call.retries, this.#owner.world.draws), () => this.#try(call));
  }

  #learn(masterId: string): void {
    this.#target = this.#owner.world.masterOf(masterId) ?? this.#target;
  }

  #askRouter(): void {
    const { router, network } = this.#owner.world;
    network.call<string>(
      this.#owner,
      router,
      routerMs,
      (reply) => reply(router.whoIsAvailable()?.masterId ?? ''),
      (masterId) => this.#learn(masterId ?? ''),
    );
  }
}
