import { describe, expect, test } from '@jest/globals';
import { notAvailableHere } from '../../src/errors.js';
import { Proposals } from '../../src/replication/proposals.js';
import type { Applied } from '../../src/state/applied.js';
import type { PostDraft } from '../../src/state/draft.js';
import type { Outcome } from '../../src/state/outcome.js';

const draft: PostDraft = { kind: 'post', id: 'i', author: 'ada', text: 'one' };
const posted: Outcome = { kind: 'post', post: new Uint8Array() };
const applied: Applied = { seq: 4, epoch: 1, id: 'i', outcome: posted };
const signal = new AbortController().signal;

describe('proposals', () => {
  test('everyone who waits for the same id gets the one outcome (M15)', async () => {
    const proposals = new Proposals();
    const proposal = proposals.open(draft);
    const waits = [proposals.wait(proposal, draft, signal), proposals.wait(proposal, { ...draft }, signal)];
    proposals.settle([applied], 2, () => posted);
    expect(await Promise.all(waits)).toEqual([
      { outcome: posted, copies: 2 },
      { outcome: posted, copies: 2 },
    ]);
    expect(proposals.size).toBe(0);
  });

  test('who attached with another content is told so (M15)', async () => {
    const proposals = new Proposals();
    const proposal = proposals.open(draft);
    const refused: Outcome = { kind: 'refused', reason: 'ID_REUSED', text: '' };
    const other = proposals.wait(proposal, { ...draft, text: 'two' }, signal);
    proposals.settle([applied], 2, () => refused);
    expect((await other).outcome).toBe(refused);
  });

  test('the end of the reign fails everyone (M6)', async () => {
    const proposals = new Proposals();
    const wait = proposals.wait(proposals.open(draft), draft, signal);
    proposals.fail(notAvailableHere('b:1', 2));
    await expect(wait).rejects.toMatchObject({ metadata: { address: 'b:1', epoch: '2' } });
  });

  test('who has given up is let go; the others wait on', async () => {
    const proposals = new Proposals();
    const proposal = proposals.open(draft);
    const gone = new AbortController();
    const [left, stays] = [
      proposals.wait(proposal, draft, gone.signal),
      proposals.wait(proposal, draft, signal),
    ];
    gone.abort(new Error('gone'));
    proposals.dropAborted();
    await expect(left).rejects.toThrow('gone');
    proposals.settle([applied], 1, () => posted);
    expect((await stays).copies).toBe(1);
  });
});
