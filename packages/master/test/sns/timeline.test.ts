import { randomUUID } from 'node:crypto';
import { describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../cluster/eventually.js';
import { LoneMaster } from './lone-master.js';
import { OpenedTimeline, opening } from './open-timeline.js';

jest.setTimeout(30_000);

async function withFriends(): Promise<LoneMaster> {
  const master = await LoneMaster.start();
  await master.login('ada', 'bob', 'cy');
  await master.post('bob', 'before the follow');
  await master.follow('ada', 'bob', 'cy');
  return master;
}

describe('ReadTimeline', () => {
  test('shows what was posted since the follow, newest first, page by page', async () => {
    await using master = await withFriends();
    await master.post('bob', 'b1');
    await master.post('cy', 'c1', 'c2');
    await master.post('ada', 'own');
    await master.post('bob', 'b2');
    const read = (before: string, pageSize = 2, includeOwn = false) =>
      master.call(master.sns.readTimeline.bind(master.sns), {
        username: 'ada',
        pageSize,
        before,
        includeOwn,
      });
    const first = await read('');
    expect(first.entries.map(({ post }) => post?.text)).toEqual(['b2', 'c2']);
    expect(first.entries.map(({ prevSeq }) => prevSeq)).toEqual([first.entries[1]?.post?.seq, 8n]);
    const second = await read(first.nextBefore);
    expect(second.entries.map(({ post }) => post?.text)).toEqual(['c1', 'b1']);
    expect([second.nextBefore, second.entries[1]?.prevSeq]).toEqual(['', 0n]);
    expect((await read('', 0, true)).entries.map(({ post }) => post?.text)).toEqual([
      'b2',
      'own',
      'c2',
      'c1',
      'b1',
    ]);
    await master.unfollow('ada', 'cy');
    expect((await read('', 0)).entries.map(({ post }) => post?.text)).toEqual(['b2', 'b1']);
  });

  test('C2: a cursor that cannot be served is refused by name', async () => {
    await using master = await withFriends();
    await master.post('bob', 'b1', 'b2');
    const read = (before: string) =>
      master.call(master.sns.readTimeline.bind(master.sns), {
        username: 'ada',
        pageSize: 1,
        before,
        includeOwn: false,
      });
    const { nextBefore } = await read('');
    for (const broken of ['x', `${nextBefore}A`, nextBefore.slice(1)]) {
      await expect(read(broken)).rejects.toMatchObject({ reason: 'CURSOR_INVALID', code: 3 });
    }
    master.realm = { clusterId: 'here', history: 2 };
    await expect(read(nextBefore)).rejects.toMatchObject({ reason: 'CURSOR_DIVERGED', code: 9 });
    master.realm = { clusterId: 'elsewhere', history: 1 };
    await expect(read(nextBefore)).rejects.toMatchObject({ reason: 'CURSOR_INVALID' });
  });

  test('C2: a cursor of what is not committed here yet is to be tried again', async () => {
    await using ahead = await withFriends();
    await ahead.post('bob', 'b1', 'b2', 'b3');
    const { nextBefore } = await ahead.call(ahead.sns.readTimeline.bind(ahead.sns), {
      username: 'ada',
      pageSize: 1,
      before: '',
      includeOwn: false,
    });
    await using behind = await withFriends();
    using timeline = new OpenedTimeline(behind, 'ada', { after: nextBefore });
    expect(await timeline.failed()).toMatchObject({ reason: 'CURSOR_IN_FUTURE', code: 14 });
  });
});

describe('Timeline', () => {
  test('begins with the newest, oldest of them first, says once that it has caught up, and goes on live', async () => {
    await using master = await withFriends();
    await master.post('bob', ...Array.from({ length: 25 }, (_, i) => `b${i}`));
    using timeline = new OpenedTimeline(master, 'ada');
    await timeline.caughtUp();
    expect(timeline.texts).toEqual(Array.from({ length: 20 }, (_, i) => `b${i + 5}`));
    expect(timeline.entries[0]?.prevSeq).toBe((timeline.entries[0]?.post?.seq ?? 0n) - 1n);
    await master.post('cy', 'live');
    await eventually(() => timeline.texts.at(-1) === 'live', 'it is live');
    expect(timeline.unbroken).toBe(true);
    expect(timeline.said.filter(({ $case }) => $case === 'caughtUp').length).toBe(1);
    using none = new OpenedTimeline(master, 'ada', { recent: -1 });
    using three = new OpenedTimeline(master, 'ada', { recent: 3 });
    await Promise.all([none.caughtUp(), three.caughtUp()]);
    expect([none.texts, three.texts]).toEqual([[], ['b23', 'b24', 'live']]);
  });

  test('C2: resumed from any cursor, an entry’s or a heartbeat’s, over another reign, it goes on without gap or duplicate', async () => {
    await using master = await withFriends();
    using first = new OpenedTimeline(master, 'ada');
    await first.caughtUp();
    await master.post('bob', 'b1', 'b2', 'b3');
    await first.shows('b1', 'b2', 'b3');
    master.endReign();
    master.beginReign();
    await master.post('cy', 'c1');
    for (const [i, entry] of first.entries.entries()) {
      using resumed = new OpenedTimeline(master, 'ada', { after: entry.cursor });
      await resumed.shows(...['b1', 'b2', 'b3', 'c1'].slice(i + 1));
      expect(resumed.entries[0]?.prevSeq).toBe(entry.post?.seq);
    }
    using beating = new OpenedTimeline(master, 'ada', { recent: -1 });
    await eventually(() => beating.said.some(({ $case }) => $case === 'heartbeat'), 'it beats');
    const [cursor] = beating.said.flatMap((one) => (one.$case === 'heartbeat' ? [one.value.cursor] : []));
    await master.post('bob', 'b4');
    using after = new OpenedTimeline(master, 'ada', { after: cursor ?? '' });
    await after.shows('b4');
  });

  test('a follow and an unfollow take effect while it is open; own posts are in it only when asked for', async () => {
    await using master = await withFriends();
    await master.login('dee');
    using plain = new OpenedTimeline(master, 'ada');
    using own = new OpenedTimeline(master, 'ada', { includeOwn: true });
    await Promise.all([plain.caughtUp(), own.caughtUp()]);
    await master.post('dee', 'not yet');
    await master.follow('ada', 'dee');
    await master.post('dee', 'd1');
    await master.post('ada', 'mine');
    await master.unfollow('ada', 'bob');
    await master.post('bob', 'no more');
    await master.post('dee', 'd2');
    await Promise.all([plain.shows('d1', 'd2'), own.shows('d1', 'mine', 'd2')]);
    expect([plain.unbroken, own.unbroken]).toEqual([true, true]);
  });

  test('posts on the stream are answered in their order; one that is refused for good ends nothing', async () => {
    await using master = await withFriends();
    using timeline = new OpenedTimeline(master, 'bob', { includeOwn: true, recent: -1 });
    await timeline.caughtUp();
    const ids = Array.from({ length: 6 }, () => randomUUID());
    for (const [i, id] of ids.entries()) timeline.post(id, i === 2 ? '' : `p${i}`);
    timeline.post(ids[0] as string, 'p0');
    timeline.post(ids[1] as string, 'other');
    timeline.post('no-uuid', 'x');
    const answers = () => timeline.said.flatMap((one) => (one.$case === 'posted' ? [one.value] : []));
    await eventually(() => answers().length === 9, 'all are answered');
    expect(answers().map(({ postId }) => postId)).toEqual([...ids, ids[0], ids[1], 'no-uuid']);
    const said = answers().map(({ result }) =>
      result?.$case === 'post' ? result.value.text : result?.value.reason,
    );
    expect(said).toEqual(['p0', 'p1', 'FIELD_INVALID', 'p3', 'p4', 'p5', 'p0', 'ID_REUSED', 'FIELD_INVALID']);
    await timeline.shows('p0', 'p1', 'p3', 'p4', 'p5');
  });

  test('posts that come in one message are answered in their order, many in one message', async () => {
    await using master = await withFriends();
    using timeline = new OpenedTimeline(master, 'bob', { includeOwn: true, recent: -1 });
    await timeline.caughtUp();
    const posts = Array.from({ length: 60 }, (_, i) => ({
      postId: randomUUID(),
      text: i === 2 ? '' : `p${i}`,
    }));
    timeline.write({ request: { $case: 'posts', value: { posts } } });
    timeline.post(posts[0]?.postId ?? '', 'p0');
    timeline.post(posts[1]?.postId ?? '', 'other');
    const said = () => timeline.said.flatMap((one) => (one.$case === 'results' ? [one.value.results] : []));
    await eventually(() => said().flat().length === 62, 'all are answered');
    const ids = posts.map(({ postId }) => postId);
    expect(
      said()
        .flat()
        .map(({ postId }) => postId),
    ).toEqual([...ids, ids[0], ids[1]]);
    const texts = said()
      .flat()
      .map(({ result }) => (result?.$case === 'post' ? result.value.text : result?.value.reason));
    const expected = posts.map(({ text }) => (text === '' ? 'FIELD_INVALID' : text));
    expect(texts).toEqual([...expected, 'p0', 'ID_REUSED']);
    expect(
      said()
        .flat()
        .map(({ copies }) => copies),
    ).toEqual(texts.map((text) => (text?.startsWith('p') ? 1 : 0)));
    expect(said().length).toBeLessThan(10);
    await timeline.shows(
      ...texts
        .slice(0, 60)
        .filter((text) => text !== 'FIELD_INVALID')
        .map(String),
    );
  });

  test('more posts in one message than a stream has under way end it', async () => {
    await using master = await withFriends();
    using timeline = new OpenedTimeline(master, 'bob');
    await timeline.caughtUp();
    const posts = Array.from({ length: 257 }, () => ({ postId: randomUUID(), text: 'x' }));
    timeline.write({ request: { $case: 'posts', value: { posts } } });
    expect(await timeline.failed()).toMatchObject({ reason: 'FIELD_INVALID', metadata: { field: 'posts' } });
  });

  test('opened only to post it hears nobody, whomever its user follows, but that its master lives', async () => {
    await using master = await withFriends();
    await master.post('bob', 'b1');
    using posting = new OpenedTimeline(master, 'ada', { onlyPosts: true, includeOwn: true });
    await posting.caughtUp();
    await master.login('dee');
    await master.follow('ada', 'dee');
    await master.post('dee', 'd1');
    await master.post('bob', 'b2');
    posting.post(randomUUID(), 'mine');
    await eventually(() => posting.said.some(({ $case }) => $case === 'posted'), 'it is answered');
    const { length } = posting.said;
    await eventually(() => posting.said.length > length, 'it is told that its master lives');
    expect(new Set(posting.said.map(({ $case }) => $case))).toEqual(
      new Set(['caughtUp', 'posted', 'heartbeat']),
    );
    using reading = new OpenedTimeline(master, 'ada');
    await reading.shows('b1', 'd1', 'b2');
    master.endReign();
    expect(await posting.failed()).toMatchObject({ code: 14, metadata: { address: '127.0.0.1:9' } });
    expect(posting.said.at(-1)?.$case).toBe('moved');
  });

  test.each([{ after: 'a cursor' }, { recent: 1 }])(
    'only to post goes with nothing of the past: %p',
    async (past) => {
      await using master = await withFriends();
      using timeline = new OpenedTimeline(master, 'ada', { onlyPosts: true, ...past });
      expect(await timeline.failed()).toMatchObject({
        reason: 'FIELD_INVALID',
        metadata: { field: 'only_posts' },
      });
    },
  );

  test('M6: when the role moves it says where to, then ends', async () => {
    await using master = await withFriends();
    using timeline = new OpenedTimeline(master, 'ada');
    await timeline.caughtUp();
    master.endReign();
    expect(await timeline.failed()).toMatchObject({
      code: 14,
      metadata: { address: '127.0.0.1:9', epoch: '2' },
    });
    expect(timeline.said.at(-1)).toEqual({ $case: 'moved', value: { address: '127.0.0.1:9', epoch: 2n } });
  });

  test.each<[string, Parameters<OpenedTimeline['write']>[0] | undefined, object]>([
    ['nobody', undefined, { reason: 'USER_UNKNOWN' }],
    ['no name!', undefined, { reason: 'FIELD_INVALID', metadata: { field: 'username' } }],
    ['ada', { request: undefined }, { reason: 'FIELD_INVALID' }],
    ['ada', opening('ada'), { reason: 'FIELD_INVALID' }],
  ])('what makes no sense ends the stream with a reason: %s', async (username, second, refused) => {
    await using master = await withFriends();
    using timeline = new OpenedTimeline(master, username);
    if (second !== undefined) {
      await timeline.caughtUp();
      timeline.write(second);
    }
    expect(await timeline.failed()).toMatchObject(refused);
  });

  test('somebody who is 2,000 entries behind gets them all, in order, while others go on', async () => {
    await using master = await withFriends();
    const texts = Array.from({ length: 2_000 }, (_, i) => `b${i}`);
    using live = new OpenedTimeline(master, 'ada', { recent: -1 });
    await live.caughtUp();
    for (let from = 0; from < texts.length; from += 500)
      await master.post('bob', ...texts.slice(from, from + 500));
    const cursor = live.said.flatMap((one) => (one.$case === 'caughtUp' ? [one.value.cursor] : []))[0] ?? '';
    using behind = new OpenedTimeline(master, 'ada', { after: cursor });
    await master.post('cy', 'meanwhile');
    await eventually(() => behind.texts.length === 2_001 && live.texts.length === 2_001, 'both have all');
    expect([behind.texts, live.texts]).toEqual([
      [...texts, 'meanwhile'],
      [...texts, 'meanwhile'],
    ]);
    expect([behind.unbroken, live.unbroken]).toEqual([true, true]);
  });
});
