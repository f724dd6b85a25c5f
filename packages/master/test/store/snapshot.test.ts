import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../cluster/eventually.js';
import {
  asOf,
  carryOut,
  closed,
  copyInto,
  follow,
  login,
  opened,
  post,
  temporaryFolder,
} from './temporary.js';

jest.setTimeout(30_000);

describe('a snapshot', () => {
  test('is of one moment, whatever happens meanwhile, and a journal goes on after it', async () => {
    const from = await opened(temporaryFolder());
    const to = await opened(temporaryFolder());
    await carryOut(
      from,
      [login('ada'), login('bob'), login('cy'), follow('ada', 'bob'), follow('cy', 'bob'), post('bob', 'x')],
      3,
    );
    await eventually(() => asOf(from) === 6, 'all is in the database');
    const before = from.positions();
    {
      using snapshot = from.openSnapshot();
      await using writer = await to.beginRestore();
      await carryOut(from, [login('dee'), follow('dee', 'bob'), post('bob', 'later')], 4);
      for (const part of snapshot.followerInfo()) await writer.addFollowerInfo(part);
      await carryOut(from, [login('eve')], 4);
      for (const part of snapshot.records()) await writer.addRecords(part);
      await writer.finish(snapshot);
    }
    expect(to.positions()).toEqual({ ...before, firstSeq: 7 });
    expect([to.epochAt(6), to.epochAt(7)]).toEqual([3, undefined]);
    expect(to.view.followers('bob', 0, 9).map(({ username }) => username)).toEqual(['ada', 'cy']);
    const rest = from.read(7, 1e6);
    await to.append(rest);
    to.apply(rest);
    expect(to.stateHash()).toBe(from.stateHash());
  });

  test('of an empty store is one, too', async () => {
    const from = await opened(temporaryFolder());
    const to = await opened(temporaryFolder());
    await copyInto(to, from);
    expect(to.positions()).toEqual(from.positions());
  });

  test('takes the place of what was there; identity and facts stay', async () => {
    const from = await opened(temporaryFolder());
    const folder = temporaryFolder();
    let to = await opened(folder);
    await to.keep({ promisedEpoch: 9, clusterId: 'c', history: 1 });
    const { masterId } = to;
    await carryOut(to, [login('zed'), login('yan')]);
    await carryOut(from, [login('ada')], 3);
    await eventually(() => asOf(from) === 1, 'all is in the database');
    const { view } = to;
    await copyInto(to, from);
    expect([view.hasUser('ada'), view.hasUser('zed')]).toEqual([true, false]);
    await closed(to);
    to = await opened(folder);
    expect([to.masterId, to.facts().promisedEpoch, to.positions().lastSeq]).toEqual([masterId, 9, 1]);
    expect(readdirSync(folder).filter((name) => name.startsWith('generation'))).toEqual(['generation-2']);
  });

  test('of people who follow more than one part holds arrives whole, and each of them once', async () => {
    const from = await opened(temporaryFolder());
    const to = await opened(temporaryFolder());
    const names = Array.from({ length: 600 }, (_, i) => `user${i}`);
    const follows = names.flatMap((name, i) =>
      [1, 2, 3, 4, 5].map((step) => follow(name, `user${(i + step) % names.length}`)),
    );
    const drafts = [...names.map(login), ...follows];
    await carryOut(from, drafts, 3);
    await eventually(() => asOf(from) === drafts.length, 'all is in the database');
    await copyInto(to, from);
    expect(to.stateHash()).toBe(from.stateHash());
    for (const name of names) expect(to.view.following(name)).toEqual(from.view.following(name));
  });

  test('that is not whole, or not what its hash says, is refused, and what was there stays', async () => {
    const from = await opened(temporaryFolder());
    const to = await opened(temporaryFolder());
    await carryOut(to, [login('zed')]);
    await carryOut(from, [login('ada'), post('ada', 'x')], 3);
    await eventually(() => asOf(from) === 2, 'all is in the database');
    using snapshot = from.openSnapshot();
    const parts = [...snapshot.records()];
    for (const left of [0, 1, 2, 4]) {
      await using writer = await to.beginRestore();
      for (const part of snapshot.followerInfo()) await writer.addFollowerInfo(part);
      for (const part of parts.filter((_, i) => i !== left)) await writer.addRecords(part);
      await expect(writer.finish(snapshot)).rejects.toThrow('the snapshot');
    }
    expect(to.view.hasUser('zed')).toBe(true);
    await carryOut(to, [login('yan')]);
  });

  test('that was not finished is thrown away at the next start', async () => {
    const folder = temporaryFolder();
    const store = await opened(folder);
    await carryOut(store, [login('ada')]);
    await closed(store);
    mkdirSync(join(folder, 'generation-2', 'state'), { recursive: true });
    writeFileSync(join(folder, 'generation-2', 'state', 'data.mdb'), 'half');
    const again = await opened(folder);
    expect([again.view.hasUser('ada'), existsSync(join(folder, 'generation-2'))]).toEqual([true, false]);
  });
});
