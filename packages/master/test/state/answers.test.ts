import { systemRandom } from '@everline/chassis';
import { expect, jest, test } from '@jest/globals';
import type { Draft, FollowDraft } from '../../src/state/draft.js';
import type { Store } from '../../src/store/store.js';
import {
  carryOut,
  closed,
  id,
  login,
  movableClock,
  opened,
  post,
  temporaryFolder,
} from '../store/temporary.js';

jest.setTimeout(30_000);

const day = 24 * 60 * 60 * 1000;
const start = 1_750_000_000_000;

function followAt(madeMs: number): FollowDraft {
  return { kind: 'follow', id: systemRandom.uuidv7(madeMs), username: 'ada', followee: 'bob' };
}

function reasonOf(store: Store, draft: Draft): string | undefined {
  const outcome = store.answerTo(draft);
  return outcome?.kind === 'refused' ? outcome.reason : outcome?.kind;
}

test('M15: an answer is kept for a day of the journal, and after it an id of version 7 is refused and not carried out', async () => {
  const { clock, move } = movableClock(start);
  const folder = temporaryFolder();
  let store = await opened(folder, { clock });
  await carryOut(store, [login('ada'), login('bob')], 1, start);
  const first = followAt(start);
  await carryOut(store, [first], 1, start + 1);
  const back = { ...first, kind: 'unfollow' as const, id: systemRandom.uuidv7(start + 5) };
  await carryOut(store, [back], 1, start + 6);
  expect(reasonOf(store, first)).toBe('done');
  move(start + day - 1000);
  await carryOut(store, [post('ada', 'x')], 1, start + day - 1000);
  expect(reasonOf(store, first)).toBe('done');
  move(start + day + 1000);
  await carryOut(store, [post('ada', 'y'), post('ada', 'z')], 1, start + day + 1000);
  expect(reasonOf(store, first)).toBe('REQUEST_TOO_OLD');
  const [late] = await carryOut(store, [first], 1, start + day + 2000);
  expect(late).toMatchObject({ outcome: { kind: 'refused', reason: 'REQUEST_TOO_OLD' } });
  expect(store.view.following('ada')).toEqual([]);
  await closed(store);
  store = await opened(folder, { clock });
  expect(reasonOf(store, first)).toBe('REQUEST_TOO_OLD');
});

test('M15: a post is its own answer for ever, and its id can be no other command', async () => {
  const { clock, move } = movableClock(start);
  const store = await opened(temporaryFolder(), { clock });
  const posted: Draft = { kind: 'post', id: systemRandom.uuidv7(start), author: 'ada', text: 'x' };
  await carryOut(store, [login('ada'), posted], 1, start);
  move(start + 400 * day);
  await carryOut(store, [post('ada', 'later')], 1, start + 400 * day);
  expect(reasonOf(store, posted)).toBe('post');
  expect(reasonOf(store, { ...posted, text: 'y' })).toBe('ID_REUSED');
  expect(reasonOf(store, { ...posted, author: 'bob' })).toBe('ID_REUSED');
  expect(reasonOf(store, { kind: 'login', id: posted.id, username: 'ada' })).toBe('ID_REUSED');
});

test('M15: an unknown id made more than a day ago is refused before it is appended; another kind of UUID is taken', async () => {
  const { clock } = movableClock(start);
  const store = await opened(temporaryFolder(), { clock });
  expect(reasonOf(store, followAt(start - day - 1))).toBe('REQUEST_TOO_OLD');
  expect(reasonOf(store, followAt(start - day + 1000))).toBeUndefined();
  expect(reasonOf(store, { kind: 'follow', id: id(), username: 'ada', followee: 'bob' })).toBeUndefined();
  expect(
    reasonOf(store, { kind: 'post', id: systemRandom.uuidv7(start - 2 * day), author: 'ada', text: 'x' }),
  ).toBeUndefined();
});

test('T1: a wall clock that jumps ten years ahead makes nobody else too old', async () => {
  const { clock, move } = movableClock(start);
  const store = await opened(temporaryFolder(), { clock });
  await carryOut(store, [login('ada'), login('bob'), followAt(start)], 1, start);
  move(start + 3650 * day);
  await carryOut(store, [post('ada', 'x'), post('ada', 'y')], 1, start + 3650 * day);
  expect(reasonOf(store, followAt(start + 60_000))).toBeUndefined();
  const [applied] = await carryOut(store, [followAt(start + 60_000)], 1, start + 3650 * day);
  expect(applied?.outcome).toMatchObject({ reason: 'ALREADY_FOLLOWED' });
  expect(store.lastAtMs()).toBe(start + 3650 * day);
});

test('a client whose clock is years ahead makes nobody else too old', async () => {
  const { clock, move } = movableClock(start);
  const store = await opened(temporaryFolder(), { clock });
  await carryOut(store, [login('ada'), login('bob'), followAt(start + 3650 * day)], 1, start);
  move(start + 2 * day);
  await carryOut(store, [post('ada', 'x'), post('ada', 'y')], 1, start + 2 * day);
  expect(reasonOf(store, followAt(start + 2 * day))).toBeUndefined();
});

test('answers are forgotten a few with each command, however many are due', async () => {
  const { clock } = movableClock(start);
  const store = await opened(temporaryFolder(), { clock });
  const drafts = Array.from(
    { length: 100 },
    (_, i): Draft => ({ kind: 'login', id: systemRandom.uuidv7(start), username: `u${i}` }),
  );
  await carryOut(store, drafts, 1, start);
  await carryOut(store, [post('u1', 'x')], 1, start + 2 * day);
  expect(reasonOf(store, drafts[3] as Draft)).toBe('REQUEST_TOO_OLD');
  expect(reasonOf(store, drafts[4] as Draft)).toBe('login');
  await carryOut(
    store,
    Array.from({ length: 24 }, () => post('u1', 'x')),
    1,
    start + 2 * day,
  );
  expect(reasonOf(store, drafts[99] as Draft)).toBe('REQUEST_TOO_OLD');
});
