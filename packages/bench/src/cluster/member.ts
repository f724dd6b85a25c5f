import { type Identity, lives, readCard, signal } from '@everline/chassis/control';
import { eventually } from '../eventually.js';
import type { Bench } from '../subject.js';
import { Child } from './child.js';

export interface MemberPlan {
  readonly name: string;
  readonly address: string;
  /** Undefined when it serves no metrics. */
  readonly metricsPort: number | undefined;
  readonly dataDir: string;
  readonly logFile: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Of its watchdogs, the role's own behind it. */
  readonly command: readonly string[];
}

const againMs = 30_000;

/** The router or a master, under its watchdogs. */
export class Member {
  readonly plan: MemberPlan;
  readonly #bench: Bench;
  #keeper: Child | undefined;

  constructor(bench: Bench, plan: MemberPlan) {
    this.#bench = bench;
    this.plan = plan;
  }

  get started(): boolean {
    return this.#keeper !== undefined;
  }

  start(): void {
    const { command, logFile, environment } = this.plan;
    this.#keeper = new Child(command, logFile, environment);
  }

  /** The living process of the role itself. */
  get process(): Identity | undefined {
    const identity = readCard(this.plan.dataDir)?.identity;
    return identity !== undefined && lives(identity) ? identity : undefined;
  }

  signal(name: NodeJS.Signals): Identity {
    const identity = this.process;
    if (identity === undefined || signal(identity, name) === 'gone')
      throw new Error(`${this.plan.name} does not run: ${name} cannot reach it`);
    return identity;
  }

  /** Its watchdogs have started another process. */
  untilAgain({ pid }: Identity): Promise<Identity> {
    const { clock, stop } = this.#bench;
    const what = `${this.plan.name} runs again`;
    const look = (): Identity | undefined => (this.process?.pid === pid ? undefined : this.process);
    return eventually(look, { clock, stop, deadlineMs: againMs, what });
  }

  /** In good order: role, guardian and keeper. */
  async stop(): Promise<void> {
    const frozen = this.process;
    if (frozen !== undefined) signal(frozen, 'SIGCONT');
    await this.#keeper?.stop(this.#bench.clock);
    this.#keeper = undefined;
  }
}
