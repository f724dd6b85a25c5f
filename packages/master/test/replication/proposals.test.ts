import { describe, expect, test } from '@jest/globals';
import { notAvailableHere } from '../../src/errors.js';
import { Proposals } from '../../src/replication/proposals.js';
import type { Answer, Caller, Waiter } from '../../src/sns/role.js';
import type { Applied } from '../../src/state/applied.js';
import type { PostDraft } from '../../src/state/draft.js';
import type { Outcome } from '../../src/state/outcome.js';

const draft: PostDraft = { kind: 'post', id: 'i', author: 'ada', text: 'one' };
const posted: Outcome = { kind: 'post', post: new Uint8Array() };
const applied: Applied = { seq: 4, epoch: 1, id: 'i', outcome: posted };
const signal = new AbortController().signal;

/** Somebody who waits, and the promise that tells what came. */
function waiting(caller: Caller = signal): { readonly waiter: Waiter; readonly told: Promise<Answer> } {
  let waiter: Waiter | undefined;
  const told = new Promise<Answer>((answered, failed) => {
    waiter = { caller, answered, failed };
  });
  return { waiter: waiter as unknown as Waiter, told };
}

describe('proposals', () => {
  test('everyone who waits for the same id gets the one outcome (M15)', async () => {
    const proposals = new Proposals();
    const [first, second] = [waiting(), waiting()];
    const proposal = proposals.open(draft, first.waiter);
    proposals.attach(proposal, { ...draft }, second.waiter);
    proposals.settle([applied], 2, () => posted);
    expect(await Promise.all([first.told, second.told])).toEqual([
      { outcome: posted, copies: 2 },
      { outcome: posted, copies: 2 },
    ]);
    expect(proposals.size).toBe(0);
  });

  test('who attached with another content is told so (M15)', async () => {
    const proposals = new Proposals();
    const refused: Outcome = { kind: 'refused', reason: 'ID_REUSED', text: '' };
    const [first, other] = [waiting(), waiting()];
    proposals.attach(proposals.open(draft, first.waiter), { ...draft, text: 'two' }, other.waiter);
    proposals.settle([applied], 2, () => refused);
    expect((await other.told).outcome).toBe(refused);
    expect((await first.told).outcome).toBe(posted);
  });

  test('the end of the reign fails everyone (M6)', async () => {
    const proposals = new Proposals();
    const waiters = [waiting(), waiting()] as const;
    proposals.attach(proposals.open(draft, waiters[0].waiter), draft, waiters[1].waiter);
    proposals.fail(notAvailableHere('b:1', 2));
    for (const { told } of waiters)
      await expect(told).rejects.toMatchObject({ metadata: { address: 'b:1', epoch: '2' } });
  });

  test.each(['first', 'second'])('who has given up is let go, the %s; the others wait on', async (who) => {
    const proposals = new Proposals();
    const gone = new AbortController();
    const [left, stays] = [waiting(gone.signal), waiting()];
    const [first, second] = who === 'first' ? [left, stays] : [stays, left];
    proposals.attach(proposals.open(draft, first.waiter), draft, second.waiter);
    gone.abort(new Error('gone'));
    proposals.dropAborted();
    await expect(left.told).rejects.toThrow('gone');
    proposals.settle([applied], 1, () => posted);
    expect((await stays.told).copies).toBe(1);
  });
});
