// One cluster and its world, from one seed.
import type { Configuration } from '../configuration/configuration.js';
import { Auditor } from './auditor.js';
import { Client } from './client.js';
import { Counters } from './counters.js';
import { Draws } from './draws.js';
import { Master } from './master.js';
import { Network } from './network.js';
import { Oracle } from './oracle.js';
import type { Plan } from './plan.js';
import { Process } from './process.js';
import { Reader } from './reader.js';
import { Recording } from './recording.js';
import { Router } from './router.js';
import { Schedule } from './schedule.js';

interface Watcher {
  readonly untilMs: number;
  readonly then: (reign: Configuration) => void;
}

export class World {
  readonly plan: Plan;
  readonly draws: Draws;
  readonly schedule = new Schedule();
  readonly counters = new Counters();
  readonly oracle: Oracle;
  readonly recording = new Recording();
  readonly network: Network;
  readonly router: Router;
  readonly masters: Master[] = [];
  readonly clients: Client[] = [];
  readonly readers: Reader[] = [];
  readonly auditor: Auditor;
  readonly tracing: boolean;
  readonly trace: string[] = [];
  /** Clients ask for no more. */
  stopped = false;
  healedAtMs = Number.POSITIVE_INFINITY;
  readonly #watchdogs: Process[] = [];
  #watchers: Watcher[] = [];

  constructor(plan: Plan, tracing: boolean) {
    this.plan = plan;
    this.tracing = tracing;
    this.draws = new Draws(plan.seed);
    this.oracle = new Oracle(this);
    this.network = new Network(this);
    this.router = new Router(this);
    for (let i = 0; i < plan.masters; i++) {
      this.masters.push(new Master(this, i));
      this.#watchdogs.push(new Process(this, `m${i}`));
    }
    for (let i = 0; i < plan.clients; i++) this.clients.push(new Client(this, i));
    for (let i = 0; i < plan.readers; i++) this.readers.push(new Reader(this, i));
    this.auditor = new Auditor(this);
  }

  get over(): boolean {
    return this.oracle.findings.length > 0;
  }

  /** The master with this storage; undefined when its disk was wiped. */
  masterOf(masterId: string): Master | undefined {
    for (const master of this.masters) if (master.store.masterId === masterId) return master;
    return undefined;
  }

  masterAt(address: string): Master {
    const master = this.masters[Number(address.slice(1))];
    if (master === undefined) throw new Error(`nobody lives at ${address}`);
    return master;
  }

  /** The process ends; its watchdog, if there is one, sees it and says so (M10). */
  kill(master: Master, power = false): void {
    if (!master.up) return;
    const { masterId } = master.store;
    const { incarnation } = master;
    master.crash(power);
    this.counters.count(power ? 'power cuts' : 'crashes');
    if (this.tracing) this.note(masterId, { crashed: incarnation, lastSeq: master.store.journal.lastSeq });
    if (this.plan.watchdogs && !power) this.#report(master, masterId, incarnation);
  }

  restart(master: Master): void {
    if (master.up) return;
    if (this.tracing) this.note(master.store.masterId, { starts: master.store.journal.lastSeq });
    master.begin();
  }

  /** M13: a failed flush is final. */
  diskFailed(master: Master): void {
    this.counters.count('failed flushes');
    this.kill(master);
    this.schedule.after(this.draws.between(50, 400), () => this.restart(master));
  }

  /** `then` is called when the next reign is on the router's disk, before anybody is told. */
  onNextReign(withinMs: number, then: Watcher['then']): void {
    this.#watchers.push({ untilMs: this.schedule.nowMs + withinMs, then });
  }

  reignBegins(reign: Configuration): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    if (this.network.calm) return;
    for (const { untilMs, then } of watchers) if (this.schedule.nowMs <= untilMs) then(reign);
  }

  note(who: string, about: object): void {
    this.trace.push(
      `${this.schedule.nowMs.toFixed(1).padStart(8)} ${who.padEnd(8)} ${JSON.stringify(about)}`,
    );
  }

  #report(master: Master, masterId: string, incarnation: string): void {
    const watchdog = this.#watchdogs[this.masters.indexOf(master)];
    if (watchdog === undefined) return;
    const event = { kind: 'death-reported', masterId, incarnation, how: 'SIGKILL' } as const;
    const again = (): void =>
      this.network.call<true>(
        watchdog,
        this.router,
        300,
        (reply) => this.router.decide(event, () => reply(true)),
        (answer) => {
          if (answer === true) this.counters.count('deaths reported');
          else watchdog.later(100, again);
        },
      );
    watchdog.later(this.draws.between(1, 20), again);
  }
}
