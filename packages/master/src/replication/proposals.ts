// Who waits for which command. One command id, one proposal, however many wait for it (M15).
import type { Refusal } from '@everline/chassis';
import type { Answer, Caller } from '../sns/role.js';
import type { Applied } from '../state/applied.js';
import type { Draft } from '../state/draft.js';
import type { Outcome } from '../state/outcome.js';

export interface Proposal {
  readonly draft: Draft;
  readonly waiters: Waiter[];
}

interface Waiter {
  readonly draft: Draft;
  readonly caller: Caller;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export class Proposals {
  readonly #byId = new Map<string, Proposal>();

  get size(): number {
    return this.#byId.size;
  }

  /** The proposal of this id that is under way. */
  underWay(id: string): Proposal | undefined {
    return this.#byId.get(id);
  }

  open(draft: Draft): Proposal {
    const proposal: Proposal = { draft, waiters: [] };
    this.#byId.set(draft.id, proposal);
    return proposal;
  }

  wait(proposal: Proposal, draft: Draft, caller: Caller): Promise<Answer> {
    return new Promise((resolve, reject) => proposal.waiters.push({ draft, caller, resolve, reject }));
  }

  /** M1: after commit and apply. Who attached with another content under the same id is answered by the state, not by the outcome (M15). */
  settle(applied: readonly Applied[], copies: number, answerTo: (draft: Draft) => Outcome | undefined): void {
    for (const { id, outcome } of applied) {
      const proposal = id === undefined ? undefined : this.#byId.get(id);
      if (id === undefined || proposal === undefined) continue;
      this.#byId.delete(id);
      for (const waiter of proposal.waiters) {
        const own = waiter.draft === proposal.draft ? outcome : (answerTo(waiter.draft) ?? outcome);
        waiter.resolve({ outcome: own, copies });
      }
    }
  }

  /** M6: whether they were done nobody can say here; the same id asked for elsewhere tells. */
  fail(error: Refusal): void {
    const failed = [...this.#byId.values()];
    this.#byId.clear();
    for (const { waiters } of failed) for (const waiter of waiters) waiter.reject(error);
  }

  /** Who has given up meanwhile is let go; the command itself goes its way. */
  dropAborted(): void {
    for (const { waiters } of this.#byId.values()) {
      for (let i = waiters.length - 1; i >= 0; i--) {
        const waiter = waiters[i];
        if (waiter === undefined || !waiter.caller.aborted) continue;
        waiters.splice(i, 1);
        waiter.reject(waiter.caller.reason);
      }
    }
  }
}
