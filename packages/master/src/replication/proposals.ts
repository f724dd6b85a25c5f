// Who waits for which command. One command id, one proposal, however many wait for it (M15).
import type { Refusal } from '@everline/chassis';
import type { Waiter } from '../sns/role.js';
import type { Applied } from '../state/applied.js';
import type { Draft } from '../state/draft.js';
import type { Outcome } from '../state/outcome.js';

export interface Proposal {
  readonly draft: Draft;
  /** Who proposed it first, until it gives up. */
  waiter: Waiter | undefined;
  /** Who came with the same id while it was under way. */
  others: readonly Attached[];
}

interface Attached {
  readonly draft: Draft;
  readonly waiter: Waiter;
}

const nobody: readonly Attached[] = [];

export class Proposals {
  readonly #byId = new Map<string, Proposal>();

  get size(): number {
    return this.#byId.size;
  }

  /** The proposal of this id that is under way. */
  underWay(id: string): Proposal | undefined {
    return this.#byId.get(id);
  }

  open(draft: Draft, waiter: Waiter): Proposal {
    const proposal: Proposal = { draft, waiter, others: nobody };
    this.#byId.set(draft.id, proposal);
    return proposal;
  }

  attach(proposal: Proposal, draft: Draft, waiter: Waiter): void {
    proposal.others = [...proposal.others, { draft, waiter }];
  }

  /** M1: after commit and apply. Who attached with another content under the same id is answered by the state, not by the outcome (M15). */
  settle(applied: readonly Applied[], copies: number, answerTo: (draft: Draft) => Outcome | undefined): void {
    for (const { id, outcome } of applied) {
      const proposal = id === undefined ? undefined : this.#byId.get(id);
      if (id === undefined || proposal === undefined) continue;
      this.#byId.delete(id);
      proposal.waiter?.answered({ outcome, copies });
      for (const { draft, waiter } of proposal.others)
        waiter.answered({ outcome: answerTo(draft) ?? outcome, copies });
    }
  }

  /** M6: whether they were done nobody can say here; the same id asked for elsewhere tells. */
  fail(error: Refusal): void {
    const failed = [...this.#byId.values()];
    this.#byId.clear();
    for (const { waiter, others } of failed) {
      waiter?.failed(error);
      for (const attached of others) attached.waiter.failed(error);
    }
  }

  /** Who has given up meanwhile is let go; the command itself goes its way. */
  dropAborted(): void {
    for (const proposal of this.#byId.values()) {
      if (proposal.waiter !== undefined && letGo(proposal.waiter)) proposal.waiter = undefined;
      if (proposal.others !== nobody)
        proposal.others = proposal.others.filter(({ waiter }) => !letGo(waiter));
    }
  }
}

function letGo(waiter: Waiter): boolean {
  const { caller } = waiter;
  if (caller.aborted) waiter.failed(caller.reason);
  return caller.aborted;
}
