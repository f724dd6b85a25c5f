// The client library's way: its decisions are the production ones, carried out here on the simulated network.
import {
  type Attempts,
  afterTry,
  type Known,
  noAttempts,
  retryPauseMs,
  type Sight,
  type TryEnd,
  tryIn,
  weigh,
} from '../caller/index.js';
import type { Ask, Calling, Ended } from './client.js';
import type { Line } from './line.js';
import type { Master } from './master.js';
import type { Answer, Available } from './messages.js';
import type { Failure } from './network.js';
import type { Process } from './process.js';

interface Call {
  readonly ask: Ask;
  readonly ended: (ended: Ended, tries: number) => void;
  attempts: Attempts;
  tries: number;
  /** Which try, pause or wait is the present one: what belongs to another comes too late. */
  turn: number;
  phase: 'trying' | 'pausing' | 'seeking';
}

/** Of one try. */
const tryMs = 300;
const routerMs = 200;

export class Caller implements Calling {
  readonly #owner: Process;
  #known: Known = { kind: 'nothing' };
  #call: Call | undefined;
  #watching: Line | undefined;
  /** The newest that anybody told. */
  #toldEpoch = 0;
  /** Connections in a row that broke before their master said anything. */
  #failures = 0;

  constructor(owner: Process) {
    this.#owner = owner;
    owner.later(owner.world.draws.between(1, 20), () => this.#watch());
  }

  call(ask: Ask, ended: Call['ended']): void {
    const call: Call = { ask, ended, attempts: noAttempts(), tries: 0, turn: 0, phase: 'seeking' };
    this.#call = call;
    this.#owner.later(ask.deadlineMs, () => {
      if (this.#call !== call) return;
      const open = call.attempts.mayBeDone || call.phase === 'trying';
      this.#end(call, { kind: open ? 'unknown' : 'refused' }); // C4
    });
    this.#step(call);
  }

  #step(call: Call): void {
    call.turn++;
    call.phase = 'seeking';
    if (this.#known.kind !== 'master') return;
    const { epoch, address } = this.#known;
    const { world } = this.#owner;
    const to = world.masters.find(({ name }) => address.startsWith(`${name}.`)) as Master;
    const { turn } = call;
    call.phase = 'trying';
    call.tries++;
    call.attempts = tryIn(call.attempts, epoch);
    const { id, isRead } = call.ask;
    world.network.callOnce<Answer>(
      this.#owner,
      to,
      tryMs,
      (reply) => (isRead ? to.reign.read(reply) : to.reign.post(id, reply)),
      (answer, failure) => {
        if (this.#call === call && call.turn === turn) this.#answered(call, to, answer, failure);
        else if (answer?.kind === 'done') world.counters.count('answers of an older epoch'); // C3
      },
    );
  }

  #answered(call: Call, by: Master, answer: Answer | undefined, failure: Failure | undefined): void {
    if (answer !== undefined) this.#failures = 0;
    call.phase = 'pausing';
    if (answer === undefined) this.#judge(call, { kind: failure === 'refused' ? 'broken' : 'cut' });
    else if (answer.kind === 'done') {
      const { oracle } = this.#owner.world;
      oracle.believes(this.#owner.name, call.attempts.epoch, this.#toldEpoch);
      this.#end(call, { kind: 'done', by, answer });
    } else {
      const { masterId, epoch, reason } = answer;
      if (reason === 'NOT_AVAILABLE_MASTER') {
        const verdict =
          masterId === '' ? 'nothing-new' : this.#told({ epoch, address: masterId, from: 'master' });
        if (verdict !== 'move') this.#askRouter();
      }
      const passing = reason !== 'DISK_FULL';
      this.#judge(call, { kind: 'refused', reason, passing, retryAfterMs: undefined });
    }
  }

  #judge(call: Call, end: TryEnd): void {
    if (this.#call !== call) return;
    const { draws } = this.#owner.world;
    const { attempts, next } = afterTry(call.attempts, end, draws);
    call.attempts = attempts;
    if (next.kind === 'end') {
      this.#end(call, { kind: next.open ? 'unknown' : 'refused' });
      return;
    }
    if (next.doubt || end.kind === 'cut') this.#askRouter();
    // A connection that broke is made anew after a pause of its own.
    const pauseMs = next.doubt ? retryPauseMs(this.#failures++, draws) : (next.pauseMs ?? 0);
    const turn = ++call.turn;
    this.#owner.later(pauseMs + 0.1, () => {
      if (this.#call === call && call.turn === turn) this.#step(call);
    });
  }

  #end(call: Call, ended: Ended): void {
    this.#call = undefined;
    call.ended(ended, call.tries);
  }

  /** A try ends as soon as its master is known not to be the available one any more. */
  #told(sight: Sight): string {
    this.#toldEpoch = Math.max(this.#toldEpoch, sight.epoch);
    const { known, verdict } = weigh(this.#known, sight);
    this.#known = known;
    if (verdict !== 'move' && verdict !== 'vacant') return verdict;
    this.#failures = 0;
    const call = this.#call;
    if (call === undefined) return verdict;
    if (call.phase === 'trying')
      call.attempts = afterTry(call.attempts, { kind: 'cut' }, this.#owner.world.draws).attempts;
    this.#step(call);
    return verdict;
  }

  #hears({ masterId, epoch }: Available): void {
    this.#told({ epoch, address: masterId, from: 'router' });
  }

  #watch(): void {
    const { world } = this.#owner;
    const line: Line = world.network.open(
      this.#owner,
      world.router,
      { kind: 'watch' },
      {
        onMessage: (message) => this.#hears(message as Available),
        onClosed: () => {
          if (this.#watching === line) this.#owner.later(world.draws.between(5, 200), () => this.#watch());
        },
      },
    );
    this.#watching = line;
  }

  #askRouter(): void {
    const { router, network } = this.#owner.world;
    network.call<Available | undefined>(
      this.#owner,
      router,
      routerMs,
      (reply) => reply(router.whoIsAvailable()),
      (answer) => {
        if (answer !== undefined) this.#hears(answer);
      },
    );
  }
}
