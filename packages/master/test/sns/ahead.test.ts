import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { eventually } from '../cluster/eventually.js';
import { LoneMaster } from './lone-master.js';
import { OpenedTimeline } from './open-timeline.js';

async function withAda(): Promise<LoneMaster> {
  const master = await LoneMaster.start();
  await master.login('ada');
  return master;
}

test('opened ahead at a standby it waits, its posts unread, and is served when the role comes', async () => {
  await using master = await withAda();
  master.endReign();
  using ahead = new OpenedTimeline(master, 'ada', { onlyPosts: true, ahead: true });
  ahead.post(randomUUID(), 'early');
  using late = new OpenedTimeline(master, 'ada', { onlyPosts: true });
  expect(await late.failed()).toMatchObject({ reason: 'NOT_AVAILABLE_MASTER' });
  expect([ahead.said, ahead.failure]).toEqual([[], undefined]);
  master.beginReign();
  await eventually(() => ahead.said.some(({ $case }) => $case === 'posted'), 'its post is answered');
  master.endReign();
  expect(await ahead.failed()).toMatchObject({ reason: 'ROLE_MOVED' });
});

test('opened ahead it ends with its master, or when it makes no sense there', async () => {
  const master = await withAda();
  using posting = new OpenedTimeline(master, 'ada', { ahead: true });
  expect(await posting.failed()).toMatchObject({ reason: 'FIELD_INVALID', metadata: { field: 'ahead' } });
  master.endReign();
  using ahead = new OpenedTimeline(master, 'nobody', { onlyPosts: true, ahead: true });
  master.beginReign();
  expect(await ahead.failed()).toMatchObject({ reason: 'USER_UNKNOWN' });
  await master[Symbol.asyncDispose]();
});
