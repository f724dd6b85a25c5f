import { setMaxListeners } from 'node:events';
import { type Cancel, systemClock as clock } from '@everline/chassis/clock';
import { systemRandom as random } from '@everline/chassis/random';
import { type Client, connect } from '@everline/client';
import type { Finding } from '@everline/history';
import type { ClusterPlan } from '../cluster/plan.js';
import type { Context } from '../context.js';
import { Ending } from '../ending.js';
import type { VerifyReport } from '../print/verify.js';
import { namesRouters } from '../settings/settings.js';
import { castOf, readersOfEach } from './cast.js';
import { Checker } from './checker.js';
import { type Crowd, gather } from './crowd.js';
import { Evidence } from './evidence.js';
import type { Figures } from './figures.js';
import { killAgainAndAgain } from './killer.js';
import { Ledger } from './ledger.js';
import { observe } from './observe.js';
import { Person } from './person.js';
import { countBroken } from './verdict.js';
import { WholeOrder } from './whole.js';
import type { VerifyWish } from './wish.js';

/** Posts that were not checked yet: more are not written before some have been. */
const mostOpen = 20_000;
const markLength = 4;
/** What is under way at the end, and the reading of everything, may take as long. */
const settleMs = 120_000;

export interface SessionParts {
  readonly context: Context;
  readonly wish: VerifyWish;
  /** Of the cluster whose processes are killed. */
  readonly plan: ClusterPlan | undefined;
  readonly report: VerifyReport;
  /** Ends everything at once. */
  readonly leave: AbortController;
}

/** One run: its people, its books, and what goes on at the same time. */
export class Session implements AsyncDisposable {
  readonly findings: Finding[] = [];
  private readonly parts: SessionParts;
  private readonly crowd: Crowd;
  private readonly observer: Client;
  private readonly ledger: Ledger;
  private readonly evidence = new Evidence();
  private readonly checker: Checker;
  private readonly people: readonly Person[];
  private readonly over = new AbortController();
  private readonly tasks: Promise<void>[] = [];
  private fault: { readonly error: unknown } | undefined;
  private killed = 0;
  private cancelSettling: Cancel = () => {};

  private constructor(parts: SessionParts, crowd: Crowd, mark: string, routers: readonly string[]) {
    const { clients, timeoutMs } = { ...parts.wish, ...parts.context.settings };
    const cast = castOf(mark, clients);
    this.parts = parts;
    this.crowd = crowd;
    this.observer = connect({ routers, timeoutMs });
    this.ledger = new Ledger({ readersOfEach: readersOfEach(cast), mostOpen, changes: crowd.changes });
    const whole = new WholeOrder();
    const { ledger, evidence } = this;
    const signal = parts.leave.signal;
    this.checker = new Checker({
      ...{ ledger, whole, evidence, clock },
      witness: { routers, name: cast.witness, timeoutMs, clock, signal },
      onBroken: (findings) => this.broken(findings),
    });
    const everyMs = (1_000 * clients) / parts.wish.rate;
    this.people = cast.people.map((name, index) => {
      const client = crowd.clients[index];
      if (client === undefined) throw new Error(`${name} has no client`);
      return new Person({ client, name, ledger, whole, clock, random, everyMs });
    });
  }

  static async open(parts: SessionParts): Promise<Session> {
    const { context, wish, plan, report } = parts;
    const { settings, terminal } = context;
    const routers = plan !== undefined && !namesRouters(settings) ? [plan.router.address] : settings.routers;
    const mark = random.uuid().slice(0, markLength);
    const cast = castOf(mark, wish.clients);
    const { timeoutMs } = settings;
    const signal = AbortSignal.any([terminal.interrupted]);
    // Everybody's calls listen.
    setMaxListeners(0, signal, parts.leave.signal);
    const crowd = await gather({ cast, routers, timeoutMs, clock, signal });
    const session = new Session(parts, crowd, mark, routers);
    try {
      await session.begin();
    } catch (error) {
      await session[Symbol.asyncDispose]();
      throw error;
    }
    report.begin(cast, wish, routers);
    return session;
  }

  /** Until the time is over, somebody interrupts, or a promise is found broken. */
  async write(): Promise<void> {
    const { leave, wish, report } = this.parts;
    const { over, checker, people, observer, evidence } = this;
    const cancels = [
      clock.after(wish.forMs, () => over.abort()),
      clock.every(report.everyMs, () => report.progress(this.figures())),
    ];
    void this.start(observe(observer, evidence, clock, leave.signal));
    this.startKilling();
    const writing = people.map((person) => this.start(person.write(over.signal, leave.signal)));
    await Promise.all([...writing, this.start(checker.check(over.signal))]);
    for (const cancel of cancels) cancel();
    if (this.fault !== undefined) throw this.fault.error;
  }

  /** What is open still, and then everything once more. A broken promise is told without more ado. */
  async finish(): Promise<void> {
    if (this.findings.length === 0) await this.checker.checkPart();
    if (this.findings.length === 0) await this.checker.checkWhole();
    if (this.fault !== undefined) throw this.fault.error;
  }

  figures(): Figures {
    const { written, read, refused, longestMs } = this.ledger;
    const epoch = Math.max(this.evidence.epoch, this.observer.master?.epoch ?? 0);
    return { written, read, refused, longestMs, epoch, killed: this.killed, ...countBroken(this.findings) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancelSettling();
    this.over.abort();
    this.parts.leave.abort();
    await Promise.all(this.tasks);
    await Promise.all([this.observer.close(), this.crowd[Symbol.asyncDispose]()]);
  }

  private async begin(): Promise<void> {
    const { leave, context } = this.parts;
    const { over } = this;
    const { interrupted } = context.terminal;
    setMaxListeners(0, over.signal);
    const giveUp = (): void => leave.abort(Ending.interrupted());
    interrupted.addEventListener('abort', giveUp, { once: true });
    interrupted.throwIfAborted();
    await this.checker.start();
    await this.everybodyReads();
    interrupted.removeEventListener('abort', giveUp);
    interrupted.addEventListener('abort', () => over.abort(), { once: true });
    over.signal.addEventListener('abort', () => {
      this.cancelSettling = clock.after(settleMs, () => leave.abort(tooLate()));
    });
  }

  private startKilling(): void {
    const { wish, plan, report } = this.parts;
    if (wish.kill === undefined || plan === undefined) return;
    const onKilled = (victim: { readonly name: string }, pid: number): void => {
      this.killed += 1;
      report.killed(victim.name, pid);
    };
    const availableAddress = (): string | undefined => this.observer.master?.address;
    const parts = { wish: wish.kill, plan, clock, random, availableAddress, onKilled };
    void this.start(killAgainAndAgain(parts, this.over.signal));
  }

  private async everybodyReads(): Promise<void> {
    const { signal } = this.parts.leave;
    const live = this.people.map(
      (person) =>
        new Promise<void>((resolve, reject) => {
          const reading = person.read(signal, resolve, (finding) => this.broken([finding]));
          reading.then(resolve, reject);
          void this.start(reading);
        }),
    );
    await Promise.all(live);
  }

  private broken(findings: readonly Finding[]): void {
    this.findings.push(...findings);
    this.over.abort();
  }

  /** What fails by itself ends the run. */
  private start(task: Promise<void>): Promise<void> {
    const watched = task.catch((error: unknown) => {
      if (!this.parts.leave.signal.aborted) this.fault ??= { error };
      this.over.abort();
    });
    this.tasks.push(watched);
    return watched;
  }
}

function tooLate(): Ending {
  return Ending.unreachable(
    `the cluster did not let everything be read within ${settleMs / 1_000} s after the last post: nothing was found broken, but not all was checked`,
  );
}
