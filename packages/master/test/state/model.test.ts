import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Draft } from '../../src/state/draft.js';
import type { Outcome } from '../../src/state/outcome.js';
import { readPost } from '../../src/state/post.js';
import type { Store } from '../../src/store/store.js';
import { closed, copyInto, entryOf, opened, temporaryFolder } from '../store/temporary.js';
import { NaiveState } from './naive-state.js';

const names = ['ada', 'bob', 'cy', 'dee'];
const name = fc.constantFrom(...names);
/** Few, so that ids come twice, with the same content and with another. */
const ids = Array.from(
  { length: 40 },
  (_, i) => `00000000-0000-4000-8000-0000000000${String(i).padStart(2, '0')}`,
);
const id = fc.constantFrom(...ids);
const text = fc.constantFrom('x', 'y');
const sessionId = fc.constantFrom(ids[38] ?? '', ids[39] ?? '');
const draft: fc.Arbitrary<Draft> = fc.oneof(
  fc.record({ kind: fc.constant('login' as const), id, username: name }),
  fc.record({ kind: fc.constant('login' as const), id, username: name, sessionId }),
  fc.record({ kind: fc.constant('end-session' as const), id, username: name, sessionId }),
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('follow' as const), id, username: name, followee: name }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('unfollow' as const), id, username: name, followee: name }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('post' as const), id, author: name, text }) },
);
const step = fc.oneof(
  { weight: 30, arbitrary: fc.array(draft, { minLength: 1, maxLength: 5 }) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
);

test('M12, M15: whatever is done, in whatever batches, over restarts and as a copy: state, answers and lists are those of the rules', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const folder = temporaryFolder();
      let store = await opened(folder);
      const naive = new NaiveState();
      for (const one of steps) {
        if (one === 'restart') {
          const { appliedSeq } = store.positions();
          const hash = store.stateHash();
          await closed(store);
          store = await opened(folder);
          expect([store.positions().appliedSeq, store.stateHash()]).toEqual([appliedSeq, hash]);
        } else await carryOutBoth(store, naive, one);
      }
      expectSame(store, naive);
      await closed(store);
      store = await opened(folder);
      const copy = await opened(temporaryFolder());
      await copyInto(copy, store); // computes the hash of all records anew
      expect(copy.stateHash()).toBe(store.stateHash());
      expectSame(copy, naive);
      await closed(copy);
      await closed(store);
    }),
    { numRuns: 15 },
  );
}, 120_000);

async function carryOutBoth(store: Store, naive: NaiveState, drafts: readonly Draft[]): Promise<void> {
  const first = store.positions().lastSeq + 1;
  const entries = drafts.map((one, i) => entryOf(first + i, one));
  await store.append(entries);
  const applied = store.apply(entries);
  const expected = drafts.map((one) => naive.apply(one));
  expect(applied.map(({ outcome }) => said(outcome))).toEqual(expected);
  expect(applied.map(({ id: appliedId }) => appliedId)).toEqual(drafts.map(({ id: draftId }) => draftId));
  // Asked for after each step: what is kept at hand must follow.
  for (const one of names) {
    expect(store.view.following(one)).toEqual(naive.followeesOf(one));
    expect(store.view.postsBefore(one, first, 2).map(({ seq }) => seq)).toEqual(
      newestOf(naive, one, first, 2),
    );
    const latest = first + drafts.length;
    expect(store.view.postsBefore(one, latest, 3).map(({ seq }) => seq)).toEqual(
      newestOf(naive, one, latest, 3),
    );
  }
  const again = drafts.map((one) => store.answerTo(one));
  const last = drafts.map((one) => expected[drafts.findIndex(({ id: other }) => other === one.id)]);
  again.forEach((outcome, i) => {
    const repeated = drafts.some((other, j) => j !== i && other.id === drafts[i]?.id);
    if (!repeated && last[i] !== 'ID_REUSED') expect(outcome && said(outcome)).toBe(last[i]);
  });
}

function expectSame(store: Store, naive: NaiveState): void {
  const { view } = store;
  expect(view.users(0, 100).map(({ username }) => username)).toEqual(naive.users);
  expect(Object.fromEntries(view.sessions().map((one) => [one.username, one.sessionId]))).toEqual(
    Object.fromEntries(naive.sessions),
  );
  for (const one of names) {
    const posts = naive.posts.filter(({ author }) => author === one);
    expect(view.hasUser(one)).toBe(naive.users.includes(one));
    expect(view.following(one)).toEqual(naive.followeesOf(one));
    expect(view.followers(one, 0, 100).map(({ username }) => username)).toEqual(naive.followersOf(one));
    expect(view.newestSeq(one)).toBe(posts.at(-1)?.seq ?? 0);
    const forth = view
      .postsAfter(one, 0, 1000)
      .map(({ seq, bytes }) => ({ seq, author: one, text: readPost(bytes).text }));
    expect(forth).toEqual(posts);
    const latest = Number.MAX_SAFE_INTEGER;
    expect(view.postsBefore(one, latest, 2).map(({ seq }) => seq)).toEqual(newestOf(naive, one, latest, 2));
  }
}

function newestOf(naive: NaiveState, author: string, beforeSeq: number, most: number): number[] {
  const seqs = naive.posts
    .filter((post) => post.author === author && post.seq < beforeSeq)
    .map(({ seq }) => seq);
  return seqs.reverse().slice(0, most);
}

function said(outcome: Outcome): string {
  if (outcome.kind === 'post') return `posted at ${readPost(outcome.post).seq}`;
  if (outcome.kind === 'login') return outcome.created ? 'created' : 'known';
  return outcome.kind === 'done' ? 'done' : outcome.reason;
}
