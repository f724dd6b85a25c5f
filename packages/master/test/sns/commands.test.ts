import { randomUUID } from 'node:crypto';
import { systemRandom } from '@everline/chassis';
import type { LoginRequest } from '@everline/contracts';
import { describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../cluster/eventually.js';
import { LoneMaster } from './lone-master.js';
import { OpenedTimeline } from './open-timeline.js';

jest.setTimeout(30_000);

function loginOf(username: string, more: Partial<LoginRequest> = {}): LoginRequest {
  return { username, exclusive: false, sessionId: '', password: '', requestId: '', ...more };
}

describe('Login', () => {
  test('makes the user once; names are kept in lower case', async () => {
    await using master = await LoneMaster.start();
    const login = master.sns.login.bind(master.sns);
    expect(await master.call(login, loginOf('Ada.L-1'))).toEqual({ sessionId: '', created: true, token: '' });
    expect(await master.call(login, loginOf('ada.l-1'))).toMatchObject({ created: false });
    expect(master.store.view.hasUser('ada.l-1')).toBe(true);
  });

  test('M15: a retry gets the first answer, also of an exclusive session that the master named', async () => {
    await using master = await LoneMaster.start();
    const login = master.sns.login.bind(master.sns);
    const request = loginOf('ada', { exclusive: true, requestId: randomUUID() });
    const first = await master.call(login, request);
    expect(first).toMatchObject({ created: true });
    expect(await master.call(login, request)).toEqual(first);
  });

  test('refuses a second exclusive session while the first one lives, and lets it in within 2 s of its last sign of life', async () => {
    await using master = await LoneMaster.start();
    const login = master.sns.login.bind(master.sns);
    const { sessionId } = await master.call(login, loginOf('ada', { exclusive: true }));
    await expect(master.call(login, loginOf('ada', { exclusive: true }))).rejects.toMatchObject({
      reason: 'SESSION_EXISTS',
    });
    expect(await master.call(login, loginOf('ada', { exclusive: true, sessionId }))).toMatchObject({
      sessionId,
    });
    await master.call(login, loginOf('ada'));
    const silentSince = performance.now();
    await eventually(() => master.store.view.sessionOf('ada') === undefined, 'it has ended');
    expect(performance.now() - silentSince).toBeGreaterThan(1_000);
    await master.call(login, loginOf('ada', { exclusive: true }));
  });

  test('a session lives on while its timeline is open, over a new reign, and until Logout', async () => {
    await using master = await LoneMaster.start();
    const login = master.sns.login.bind(master.sns);
    const { sessionId } = await master.call(login, loginOf('ada', { exclusive: true }));
    {
      using timeline = new OpenedTimeline(master, 'ada', { sessionId });
      await timeline.caughtUp();
      const since = performance.now();
      await eventually(() => performance.now() - since > 2_200, 'its time is over');
      expect(master.store.view.sessionOf('ada')).toBe(sessionId);
    }
    master.endReign();
    master.beginReign();
    await expect(master.call(login, loginOf('ada', { exclusive: true }))).rejects.toMatchObject({
      reason: 'SESSION_EXISTS',
    });
    await master.call(master.sns.logout.bind(master.sns), { username: 'ada', sessionId });
    await master.call(master.sns.logout.bind(master.sns), { username: 'ada', sessionId });
    await master.call(login, loginOf('ada', { exclusive: true }));
  });
});

describe('Follow and Unfollow', () => {
  test('are refused with the reason, and a retry of the same id is the same answer', async () => {
    await using master = await LoneMaster.start();
    await master.login('ada', 'bob');
    const follow = (username: string, followee: string, requestId = '') =>
      master.call(master.sns.follow.bind(master.sns), { username, followee, requestId });
    const unfollow = (username: string, followee: string, requestId = '') =>
      master.call(master.sns.unfollow.bind(master.sns), { username, followee, requestId });
    const requestId = systemRandom.uuidv7(Date.now());
    await follow('Ada', 'BOB', requestId);
    await follow('ada', 'bob', requestId);
    await expect(follow('ada', 'cy', requestId)).rejects.toMatchObject({ reason: 'ID_REUSED', code: 6 });
    await expect(follow('ada', 'bob')).rejects.toMatchObject({ reason: 'ALREADY_FOLLOWED', code: 6 });
    await expect(follow('ada', 'ada')).rejects.toMatchObject({ reason: 'FOLLOW_ONESELF', code: 6 });
    await expect(follow('ada', 'nobody')).rejects.toMatchObject({ reason: 'USER_UNKNOWN', code: 5 });
    await expect(follow('nobody', 'ada')).rejects.toMatchObject({ reason: 'USER_UNKNOWN', code: 5 });
    await unfollow('ada', 'bob');
    await follow('ada', 'bob', requestId); // late: it was carried out, and is not again
    expect(master.store.view.following('ada')).toEqual([]);
    await expect(unfollow('ada', 'bob')).rejects.toMatchObject({ reason: 'NOT_FOLLOWED', code: 5 });
    await expect(unfollow('ada', 'ada')).rejects.toMatchObject({ reason: 'UNFOLLOW_ONESELF', code: 3 });
    await expect(unfollow('ada', 'nobody')).rejects.toMatchObject({ reason: 'USER_UNKNOWN', code: 5 });
    const old = systemRandom.uuidv7(Date.now() - 25 * 60 * 60 * 1000);
    await expect(follow('ada', 'bob', old)).rejects.toMatchObject({ reason: 'REQUEST_TOO_OLD', code: 9 });
    await expect(follow('ada', 'bob', 'no-uuid')).rejects.toMatchObject({
      reason: 'FIELD_INVALID',
      metadata: { field: 'request_id', limit: 'a UUID' },
    });
  });
});

describe('Post', () => {
  test('is answered as it was committed, however often it comes', async () => {
    await using master = await LoneMaster.start();
    await master.login('ada');
    const post = (postId: string, text: string, username = 'ada') =>
      master.call(master.sns.post.bind(master.sns), { username, postId, text });
    const postId = randomUUID();
    const first = await post(postId, 'Grüße, 世界\n\t🙂');
    expect(first).toMatchObject({
      copies: 1,
      post: { postId, author: 'ada', text: 'Grüße, 世界\n\t🙂', seq: 2n },
    });
    expect(await post(postId.toUpperCase(), 'Grüße, 世界\n\t🙂')).toEqual(first);
    await expect(post(postId, 'other')).rejects.toMatchObject({ reason: 'ID_REUSED', code: 6 });
    await expect(post(randomUUID(), 'x', 'nobody')).rejects.toMatchObject({
      reason: 'USER_UNKNOWN',
      code: 5,
    });
    expect((await post(randomUUID(), 'x'.repeat(4_096))).post?.text.length).toBe(4_096);
  });

  test.each([
    ['text', randomUUID(), ''],
    ['text', randomUUID(), 'x'.repeat(4_097)],
    ['text', randomUUID(), '🙂'.repeat(1_025)],
    ['text', randomUUID(), 'bell\u0007'],
    ['text', randomUUID(), 'line\r\n'],
    ['text', randomUUID(), 'c1 \u009b'],
    ['post_id', '', 'x'],
    ['post_id', 'not-a-uuid', 'x'],
  ])('names the field and the limit that was broken: %s', async (field, postId, text) => {
    await using master = await LoneMaster.start();
    await master.login('ada');
    const { lastSeq } = master.store.positions();
    await expect(
      master.call(master.sns.post.bind(master.sns), { username: 'ada', postId, text }),
    ).rejects.toMatchObject({
      reason: 'FIELD_INVALID',
      code: 3,
      metadata: { field, limit: expect.any(String) },
    });
    expect(master.store.positions().lastSeq).toBe(lastSeq);
  });
});

describe('List', () => {
  test('shows users in order of first login, followers in order of following, page by page', async () => {
    await using master = await LoneMaster.start();
    await master.login('zed', 'ada', 'bob', 'cy', 'dee');
    await master.follow('cy', 'ada');
    await master.follow('zed', 'ada');
    await master.follow('ada', 'dee', 'bob');
    const list = (pageSize: number, pageToken: string) =>
      master.call(master.sns.list.bind(master.sns), { username: 'ada', pageSize, pageToken });
    expect(await list(0, '')).toEqual({
      allUsers: ['zed', 'ada', 'bob', 'cy', 'dee'],
      followers: ['cy', 'zed'],
      following: ['dee', 'bob'],
      nextPageToken: '',
    });
    const users: string[] = [];
    for (let token = 'first'; token !== ''; ) {
      const page = await list(2, token === 'first' ? '' : token);
      users.push(...page.allUsers);
      token = page.nextPageToken;
    }
    expect(users).toEqual(['zed', 'ada', 'bob', 'cy', 'dee']);
    await expect(list(0, 'x')).rejects.toMatchObject({ metadata: { field: 'page_token' } });
    await expect(list(-1, '')).rejects.toMatchObject({ metadata: { field: 'page_size' } });
  });
});

test('a master that is not available says which one is, whatever is asked', async () => {
  await using master = await LoneMaster.start();
  await master.login('ada');
  master.endReign();
  const refused = {
    reason: 'NOT_AVAILABLE_MASTER',
    code: 14,
    metadata: { address: '127.0.0.1:9', epoch: '2' },
  };
  const { sns } = master;
  await expect(master.call(sns.login.bind(sns), loginOf('ada'))).rejects.toMatchObject(refused);
  await expect(
    master.call(sns.list.bind(sns), { username: 'ada', pageSize: 0, pageToken: '' }),
  ).rejects.toMatchObject(refused);
  await expect(
    master.call(sns.post.bind(sns), { username: 'ada', postId: randomUUID(), text: 'x' }),
  ).rejects.toMatchObject(refused);
  using timeline = new OpenedTimeline(master, 'ada');
  expect(await timeline.failed()).toMatchObject(refused);
});
