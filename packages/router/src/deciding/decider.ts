// The one place where decisions are made: one event after the other, decide → keep → tell.
// R1 `told` is the newest durable state. Nobody is ever told of another; what comes meanwhile waits in line.
import type { Clock } from '@everline/chassis';
import {
  type Decision,
  decide,
  durableAt,
  type Effect,
  type Refused,
  type RouterEvent,
  type RouterState,
  type Rules,
} from '@everline/protocol/configuration';
import type { Keeper } from './keeper.js';

/** Events that wait while a decision is written: at the bound they are dropped, and requests refused. */
const longestLine = 10_000;

export interface DeciderOptions {
  readonly rules: Rules;
  readonly keeper: Keeper;
  readonly clock: Clock;
  /** Called once for every change, after it is durable. */
  readonly tell: (effects: readonly Effect[], before: RouterState) => void;
}

type Answered = (refused: Refused | undefined) => void;

interface Waiting {
  readonly event: RouterEvent;
  readonly answered: Answered | undefined;
}

export class Decider {
  told: RouterState;
  /** A decision is being made or kept; events wait in line. */
  private busy = false;
  private readonly line: Waiting[] = [];
  private readonly lookers = new Set<() => void>();
  private readonly options: DeciderOptions;
  /** Rejects when no more can be decided: Superseded, Unlawful. */
  readonly failed: Promise<never>;
  private fail: (error: unknown) => void = () => {};

  constructor(state: RouterState, options: DeciderOptions) {
    this.told = state;
    this.options = options;
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => {});
  }

  /** No more can be decided here. */
  end(cause: unknown): void {
    this.busy = true;
    this.fail(cause);
  }

  get rules(): Rules {
    return this.options.rules;
  }

  /** @param answered called when what it changed is durable; at once when nothing has to be kept. False: the line is full. */
  decide(event: RouterEvent, answered?: Answered): boolean {
    if (this.line.length >= longestLine) return false;
    this.line.push({ event, answered });
    if (!this.busy) this.advance();
    return true;
  }

  /** The first answer of `look` that is not undefined, now or after some later change. @throws the signal's reason */
  until<T>(look: (told: RouterState) => T | undefined, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const give = (): void => {
        this.lookers.delete(again);
        reject(signal.reason);
      };
      const again = (): void => {
        const found = look(this.told);
        if (found === undefined) return;
        this.lookers.delete(again);
        signal.removeEventListener('abort', give);
        resolve(found);
      };
      if (signal.aborted) return give();
      signal.addEventListener('abort', give, { once: true });
      this.lookers.add(again);
      again();
    });
  }

  private advance(): void {
    this.busy = true;
    for (let next = this.line.shift(); next !== undefined; next = this.line.shift()) {
      if (this.step(next) === 'keeping') return;
    }
    this.busy = false;
  }

  private step({ event, answered }: Waiting): 'done' | 'keeping' {
    const { rules, clock, keeper } = this.options;
    const at = { nowMs: clock.nowMs(), wallMs: clock.wallMs() };
    let decision: Decision;
    try {
      decision = decide(rules, this.told, event, at);
    } catch (error) {
      this.fail(error);
      return 'keeping';
    }
    const kinds = decision.effects.map(({ kind }) => kind);
    if (kinds.includes('persist')) {
      this.keep(decision, answered, at.nowMs).catch(this.fail);
      return 'keeping';
    }
    if (kinds.includes('persist-soon')) keeper.keepSoon(decision.state.durable, this.fail);
    this.finish(decision, decision.state, answered);
    return 'done';
  }

  private async keep(decision: Decision, answered: Answered | undefined, decidedMs: number): Promise<void> {
    await this.options.keeper.keep(decision.state.durable); // R1
    const tookMs = this.options.clock.nowMs() - decidedMs;
    this.finish(decision, durableAt(this.told, decision.state, tookMs), answered);
    this.advance();
  }

  private finish({ effects, refused }: Decision, state: RouterState, answered: Answered | undefined): void {
    const before = this.told;
    this.told = state;
    if (effects.length > 0) this.options.tell(effects, before);
    answered?.(refused);
    for (const look of this.lookers) look();
  }
}
