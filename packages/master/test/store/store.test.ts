import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoredFacts } from '@everline/contracts';
import { expect, jest, test } from '@jest/globals';
import { nodeDisk } from '../../src/store/disk.js';
import { DamagedStore } from '../../src/store/errors.js';
import { FactsFile } from '../../src/store/facts-file.js';
import { encodeEntry } from '../../src/store/journal-entry.js';
import { resetStore } from '../../src/store/open-store.js';
import { eventually } from '../cluster/eventually.js';
import { faultyDisk } from './faulty-disk.js';
import { carryOut, closed, entriesAfter, login, opened, post, temporaryFolder } from './temporary.js';

jest.setTimeout(30_000);

const configuration = {
  clusterId: 'c',
  version: 7,
  epoch: 3,
  availableId: 'm',
  inSyncIds: ['m', 'n'],
  masters: [{ masterId: 'm', address: '127.0.0.1:3011' }],
  minInSync: 1,
  history: 2,
};

test('an empty folder becomes a store with an identity that stays', async () => {
  const folder = join(temporaryFolder(), 'deep', 'with.dots');
  const store = await opened(folder);
  const { masterId } = store;
  expect(store.positions()).toMatchObject({
    firstSeq: 1,
    lastSeq: 0,
    lastEpoch: 0,
    appliedSeq: 0,
    appliedEpoch: 0,
  });
  expect(store.facts()).toEqual({ history: 0, promisedEpoch: 0 });
  await closed(store);
  expect((await opened(folder)).masterId).toBe(masterId);
});

test('facts are there at once, and after a restart; the last of many wins', async () => {
  const folder = temporaryFolder();
  const store = await opened(folder);
  const kept = [1, 2, 3, 4].map((promisedEpoch) => store.keep({ promisedEpoch }));
  expect(store.facts().promisedEpoch).toBe(4);
  await Promise.all([...kept, store.keep({ configuration, clusterId: 'c', history: 2 })]);
  await closed(store);
  expect((await opened(folder)).facts()).toEqual({
    clusterId: 'c',
    history: 2,
    promisedEpoch: 4,
    configuration,
  });
});

test('M12: nothing is applied that is not in the journal, or out of its order', async () => {
  const store = await opened(temporaryFolder());
  const [one, two] = entriesAfter(store, [login('ada'), login('bob')]);
  if (one === undefined || two === undefined) throw new Error('two entries');
  expect(() => store.apply([one])).toThrow('M12');
  await store.append([one, two]);
  expect(() => store.apply([two])).toThrow('cannot be applied');
  expect(store.apply([one, two]).length).toBe(2);
});

test('M2: what is applied is never truncated', async () => {
  const store = await opened(temporaryFolder());
  await carryOut(store, [login('ada'), login('bob')]);
  await store.append(entriesAfter(store, [login('cy')]));
  expect(() => store.truncateFrom(2)).toThrow('M2');
  await store.truncateFrom(3);
  expect(store.positions()).toMatchObject({ lastSeq: 2, lastEpoch: 1, appliedSeq: 2 });
});

test('the epochs of all entries are known, of the one before the first, too, also after the first are thrown away', async () => {
  const folder = temporaryFolder();
  let store = await opened(folder, { fileBytes: 4_000, keepBytes: 0, recentBytes: 0 });
  for (const epoch of [1, 2, 5]) {
    const begin = [encodeEntry(store.positions().lastSeq + 1, epoch, new Uint8Array(0))];
    await store.append(begin);
    store.apply(begin);
    for (let i = 0; i < 30; i += 5) {
      const five = [0, 1, 2, 3, 4].map((j) => `u${epoch}-${i + j}`);
      await carryOut(
        store,
        five.flatMap((name) => [login(name), post(name, 'x'.repeat(200))]),
        epoch,
      );
    }
  }
  await eventually(() => store.positions().firstSeq > 70, 'the first files are gone');
  const { firstSeq, lastSeq } = store.positions();
  const epochOf = (seq: number): number => (seq < 62 ? 1 : seq < 123 ? 2 : 5);
  expect(store.epochAt(firstSeq - 1)).toBe(epochOf(firstSeq - 1));
  expect([store.epochAt(lastSeq), store.epochAt(lastSeq + 1), store.epochAt(firstSeq - 2)]).toEqual([
    5,
    undefined,
    undefined,
  ]);
  await closed(store);
  store = await opened(folder);
  const again = store.positions();
  expect([again.lastEpoch, store.epochAt(again.firstSeq - 1), store.epochAt(again.firstSeq - 2)]).toEqual([
    5,
    epochOf(again.firstSeq - 1),
    undefined,
  ]);
});

test('R7, R10: what is discarded is kept aside, and the store goes on as another one', async () => {
  const folder = temporaryFolder();
  const store = await opened(folder);
  const first = store.masterId;
  await store.keep({ promisedEpoch: 5, clusterId: 'c', history: 1 });
  await carryOut(store, [login('ada')]);
  const second = await store.discard('history 2 has begun');
  expect(second).not.toBe(first);
  expect([store.masterId, store.facts(), store.positions().lastSeq]).toEqual([
    second,
    { history: 0, promisedEpoch: 0 },
    0,
  ]);
  await carryOut(store, [login('bob')], 9);
  await closed(store);
  const again = await opened(folder);
  expect([again.masterId, again.view.hasUser('bob'), again.view.hasUser('ada')]).toEqual([
    second,
    true,
    false,
  ]);
  expect(existsSync(join(folder, 'aside-1', 'journal', '000000000001.journal'))).toBe(true);
  for (let i = 0; i < 4; i++) await again.discard('again');
  expect(readdirSync(folder).filter((name) => name.startsWith('aside'))).toEqual(['aside-4', 'aside-5']);
});

test('--reset-from-peers: whatever is there is set aside, and the folder is as new', async () => {
  const folder = temporaryFolder();
  const store = await opened(folder);
  await carryOut(store, [login('ada')]);
  const { masterId } = store;
  await closed(store);
  writeFileSync(join(folder, 'facts'), 'garbage');
  await expect(opened(folder)).rejects.toThrow('--reset-from-peers');
  expect(await resetStore(folder)).toBe(join(folder, 'aside-1'));
  const again = await opened(folder);
  expect([again.masterId === masterId, again.positions().lastSeq]).toEqual([false, 0]);
  await closed(again);
  expect(await resetStore(temporaryFolder())).toBeUndefined();
});

test('a folder of a later format is refused, and not touched', async () => {
  const folder = temporaryFolder();
  const facts = StoredFacts.decode(new Uint8Array(0));
  await FactsFile.create(join(folder, 'facts'), nodeDisk, {
    ...facts,
    format: 2,
    masterId: 'm',
    generation: 1,
  });
  mkdirSync(join(folder, 'generation-1'));
  await expect(opened(folder)).rejects.toThrow('format 2; this version knows formats up to 1');
  expect(readdirSync(folder)).toEqual(['facts', 'generation-1']);
});

test('M13: the first error of the disk is told, and nothing is acknowledged after it', async () => {
  const disk = faultyDisk();
  const store = await opened(temporaryFolder(), { disk });
  await carryOut(store, [login('ada')]);
  disk.fail('sync');
  await expect(store.append(entriesAfter(store, [login('bob')]))).rejects.toThrow('EIO');
  expect((await store.failed).message).toMatch(/journal .* cannot be written: EIO/);
  await expect(store.append(entriesAfter(store, [login('cy')]))).rejects.toThrow('EIO');
  expect(store.view.hasUser('ada')).toBe(true);
});

test('M13: facts that cannot be written are a failure, too', async () => {
  const disk = faultyDisk();
  const store = await opened(temporaryFolder(), { disk });
  disk.fail('write');
  await expect(store.keep({ promisedEpoch: 3 })).rejects.toThrow('EIO');
  expect((await store.failed).message).toMatch('the facts cannot be written');
});

test('M14: a disk with little room is full before anything fails, and is so until there is more', async () => {
  const disk = faultyDisk();
  const store = await opened(temporaryFolder(), { disk });
  expect(store.diskFull()).toBe(false);
  disk.freeBytes = 1024 * 1024;
  await eventually(() => store.diskFull(), 'it is full');
  await carryOut(store, [login('ada')]);
  expect(store.view.hasUser('ada')).toBe(true);
  disk.freeBytes = 1024 ** 3;
  await eventually(() => !store.diskFull(), 'there is room again');
});

test('M13: damage that is met while it runs is a failure of the store, and nothing is written after it', async () => {
  const folder = temporaryFolder();
  const store = await opened(folder, { fileBytes: 4_000, recentBytes: 0 });
  for (let i = 0; i < 40; i++) await carryOut(store, [login(`u${i}`), post(`u${i}`, 'x'.repeat(300))]);
  const file = join(folder, 'generation-1', 'journal', '000000000001.journal');
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(300) ^ 1, 300);
  writeFileSync(file, bytes);
  expect(() => store.read(1, 100_000)).toThrow(DamagedStore);
  expect(await store.failed).toBeInstanceOf(DamagedStore);
  await expect(store.append(entriesAfter(store, [login('late')]))).rejects.toThrow(DamagedStore);
});
