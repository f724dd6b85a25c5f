import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { systemClock, systemRandom } from '@everline/chassis';
import { expect, test } from '@jest/globals';
import { openStore } from '../../src/store/open-store.js';
import { pageOf } from '../../src/timeline/page.js';
import { sourcesOf } from '../../src/timeline/sources.js';
import { temporaryFolder } from '../store/temporary.js';
import { nameOf } from './world.js';

const filler = fileURLToPath(new URL('./main.js', import.meta.url));

test('a filled store has its people, whom they follow and what they posted, and a page shows it', async () => {
  const folder = temporaryFolder();
  const size = { users: 30, followees: 4, posts: 100, authors: 20 };
  await promisify(execFile)(process.execPath, [filler, folder, JSON.stringify(size)], { timeout: 60_000 });
  await using store = await openStore(folder, { clock: systemClock, random: systemRandom });
  const { view } = store;
  const names = Array.from({ length: size.users }, (_, i) => nameOf(i + 1));
  expect(view.users(0, 100).map(({ username }) => username)).toEqual(names);
  const follows = names.flatMap((name) => view.following(name).map(({ username }) => `${name}>${username}`));
  const followed = names.flatMap((name) =>
    view.followers(name, 0, 100).map(({ username }) => `${username}>${name}`),
  );
  expect(new Set(follows).size).toBe(size.users * size.followees);
  expect([...followed].sort()).toEqual([...follows].sort());
  const posts = names.flatMap((name) => view.postsBefore(name, Number.MAX_SAFE_INTEGER, 100));
  expect(posts).toHaveLength(size.posts);
  for (const name of names)
    expect(view.newestSeq(name)).toBe(view.postsBefore(name, 2 ** 40, 1)[0]?.seq ?? 0);
  const own = view.following(nameOf(1)).flatMap(({ username }) => view.postsBefore(username, 2 ** 40, 100));
  const page = pageOf(view, sourcesOf(view, nameOf(1), false), 2 ** 40, 1_000);
  expect(page.entries.map(({ seq }) => seq)).toEqual(own.map(({ seq }) => seq).sort((a, b) => b - a));
});
