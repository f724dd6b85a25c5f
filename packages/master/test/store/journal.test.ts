import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { nodeDisk } from '../../src/store/disk.js';
import { Failure } from '../../src/store/failure.js';
import { EpochRuns } from '../../src/store/journal/epoch-runs.js';
import { Journal } from '../../src/store/journal/journal.js';
import { Recent } from '../../src/store/journal/recent.js';
import { encodeEntry, type JournalEntry } from '../../src/store/journal-entry.js';
import { faultyDisk } from './faulty-disk.js';
import { temporaryFolder } from './temporary.js';

jest.setTimeout(30_000);

interface Settings {
  readonly appliedSeq?: number;
  readonly recentBytes?: number;
  readonly disk?: typeof nodeDisk;
  readonly failure?: Failure;
}

function open(folder: string, settings: Settings = {}): Promise<Journal> {
  const { appliedSeq = 0, recentBytes = 1024, disk = nodeDisk, failure = new Failure() } = settings;
  const fresh = !existsSync(join(folder, '000000000001.journal'));
  return Journal.open({
    folder,
    fresh,
    disk,
    appliedSeq,
    runs: new EpochRuns([]),
    recentBytes,
    fileBytes: 8_192,
    failure,
  });
}

function entries(from: number, count: number, epoch = 1, bytes = 100): JournalEntry[] {
  return Array.from({ length: count }, (_, i) => encodeEntry(from + i, epoch, Buffer.alloc(bytes, from + i)));
}

function readAll(journal: Journal, from = journal.firstSeq): JournalEntry[] {
  const found: JournalEntry[] = [];
  for (let seq = from; seq <= journal.lastSeq; ) {
    const read = journal.read(seq, 2_000);
    if (read.length === 0) throw new Error(`nothing at ${seq}`);
    found.push(...read);
    seq += read.length;
  }
  return found;
}

/** Where the frames of a file end, and the room made for more begins. */
function endOf(file: string): number {
  const bytes = readFileSync(file);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return end;
}

function fileOf(folder: string, index = -1): string {
  return join(folder, readdirSync(folder).sort().at(index) ?? '');
}

test('what was appended is read again, from memory and from disk, also after a restart', async () => {
  const folder = temporaryFolder();
  const all = entries(1, 100);
  {
    await using journal = await open(folder);
    await Promise.all([
      journal.append(all.slice(0, 1)),
      journal.append(all.slice(1, 40)),
      journal.append(all.slice(40)),
    ]);
    expect(readAll(journal).map(({ bytes }) => bytes)).toEqual(all.map(({ bytes }) => bytes));
  }
  await using again = await open(folder);
  expect([again.firstSeq, again.lastSeq, again.epochAt(100), again.epochAt(101)]).toEqual([
    1,
    100,
    1,
    undefined,
  ]);
  expect(readAll(again)).toEqual(all);
  expect(again.read(57, 1)).toEqual([all[56]]);
  expect(again.read(101, 1000)).toEqual([]);
});

test('several appends in flight complete in order, and an entry that does not follow is refused', async () => {
  await using journal = await open(temporaryFolder());
  const order: number[] = [];
  const waits = [1, 2, 3, 4].map((seq) => journal.append(entries(seq, 1)).then(() => order.push(seq)));
  expect(journal.lastSeq).toBe(4);
  expect(() => journal.append(entries(6, 1))).toThrow('cannot follow');
  await Promise.all(waits);
  expect(order).toEqual([1, 2, 3, 4]);
});

test('M2: a cut takes effect at once and survives a restart, wherever in a write it falls', async () => {
  for (const cutAt of [1, 10, 11, 12, 25, 30]) {
    const folder = temporaryFolder();
    {
      await using journal = await open(folder);
      await journal.append(entries(1, 10));
      await journal.append(entries(11, 20));
      const cut = journal.cut(cutAt);
      expect(journal.lastSeq).toBe(cutAt - 1);
      await Promise.all([cut, journal.append(entries(cutAt, 3, 2))]);
    }
    await using again = await open(folder);
    expect(readAll(again)).toEqual([...entries(1, cutAt - 1), ...entries(cutAt, 3, 2)]);
    expect([again.epochAt(cutAt - 1), again.epochAt(cutAt)]).toEqual([cutAt === 1 ? undefined : 1, 2]);
  }
});

test('M2: a cut goes back over several files, and what is appended before it is flushed is gone with it', async () => {
  const folder = temporaryFolder();
  await using journal = await open(folder);
  for (let from = 1; from < 400; from += 100) await journal.append(entries(from, 100));
  expect(readdirSync(folder).length).toBeGreaterThan(2);
  void journal.append(entries(401, 5));
  await journal.cut(7);
  await journal.append(entries(7, 2, 3));
  expect(readAll(journal).map(({ seq, epoch }) => [seq, epoch])).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((seq) => [seq, seq < 7 ? 1 : 3]),
  );
});

describe('M12: after a crash in the middle of the last write', () => {
  async function written(): Promise<string> {
    const folder = temporaryFolder();
    await using journal = await open(folder);
    await journal.append(entries(1, 10));
    await journal.append(entries(11, 10));
    return folder;
  }

  test('what is torn is cut off at every length, and the journal goes on', async () => {
    const whole = endOf(fileOf(await written()));
    for (let missing = 1; missing < 1_200; missing += 97) {
      const folder = await written();
      truncateSync(fileOf(folder), whole - missing);
      {
        await using journal = await open(folder, { appliedSeq: 10 });
        expect(journal.lastSeq).toBe(10);
        await journal.append(entries(11, 1, 2));
      }
      await using again = await open(folder, { appliedSeq: 10 });
      expect(again.lastSeq).toBe(11);
    }
  });

  test('pages of it that never came to the disk are no damage', async () => {
    const folder = await written();
    const file = fileOf(folder);
    const bytes = readFileSync(file);
    const end = endOf(file);
    bytes.fill(0, end - 900, end - 300);
    writeFileSync(file, bytes);
    await using journal = await open(folder, { appliedSeq: 10 });
    expect(journal.lastSeq).toBe(10);
  });

  test('what is missing of what was applied is damage', async () => {
    const folder = await written();
    truncateSync(fileOf(folder), endOf(fileOf(folder)) - 5);
    await expect(open(folder, { appliedSeq: 20 })).rejects.toThrow('everline master --reset-from-peers');
  });
});

describe('M13: damage that is not the torn tail', () => {
  test('a flipped bit anywhere in what was flushed before the last write is found at the start or when it is read', async () => {
    const folder = temporaryFolder();
    {
      await using journal = await open(folder);
      for (let seq = 1; seq <= 20; seq++) await journal.append(entries(seq, 1));
    }
    const file = fileOf(folder);
    const bytes = readFileSync(file);
    const lastWrite = endOf(file) - 200;
    for (let at = 0; at < lastWrite; at += 41) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(at) ^ 0x10, at);
      writeFileSync(file, flipped);
      await expect(readThrough(folder)).rejects.toThrow(/is damaged.*--reset-from-peers|format \d+/);
    }
  });

  async function readThrough(folder: string): Promise<void> {
    await using journal = await open(folder);
    readAll(journal);
  }

  test('a file in the middle that is gone or shorter is found', async () => {
    const folder = temporaryFolder();
    {
      await using journal = await open(folder);
      for (let from = 1; from < 400; from += 100) await journal.append(entries(from, 100));
    }
    truncateSync(fileOf(folder, 1), 5_000);
    await expect(open(folder)).rejects.toThrow('is damaged');
    truncateSync(fileOf(folder, 0), 0);
    await expect(open(folder)).rejects.toThrow('is damaged');
  });

  test('damage in a file that a start does not look through is found when it is read', async () => {
    const folder = temporaryFolder();
    {
      await using journal = await open(folder);
      for (let from = 1; from < 400; from += 100) await journal.append(entries(from, 100));
    }
    const file = fileOf(folder, 0);
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(7_000) ^ 1, 7_000);
    writeFileSync(file, bytes);
    await using journal = await open(folder, { appliedSeq: 390 });
    expect(journal.read(390, 1_000).length).toBeGreaterThan(0);
    expect(() => readAll(journal)).toThrow('is damaged');
  });
});

test('M13: the first error of writing or flushing is final, and is told once', async () => {
  for (const fault of ['write', 'sync'] as const) {
    const disk = faultyDisk();
    const failure = new Failure();
    await using journal = await open(temporaryFolder(), { disk, failure });
    await journal.append(entries(1, 1));
    disk.fail(fault);
    const one = journal.append(entries(2, 1));
    const two = journal.append(entries(3, 1));
    await expect(one).rejects.toThrow('EIO');
    await expect(two).rejects.toThrow('EIO');
    disk.fail(undefined);
    await expect(journal.append(entries(4, 1))).rejects.toThrow('EIO');
    expect(failure.error?.message).toMatch(/cannot be written: EIO/);
  }
});

test('trimming throws the oldest files away, one at a time, and never what is still needed', async () => {
  const folder = temporaryFolder();
  await using journal = await open(folder);
  for (let from = 1; from <= 501; from += 100) await journal.append(entries(from, 100));
  const files = readdirSync(folder).length;
  expect(await journal.trim(1, 0)).toBe(false);
  expect(await journal.trim(601, 1e9)).toBe(false);
  expect(await journal.trim(601, 0)).toBe(true);
  expect(readdirSync(folder).length).toBe(files - 1);
  const { firstSeq } = journal;
  expect(firstSeq).toBeGreaterThan(100);
  expect(journal.read(1, 1e6)).toEqual([]);
  expect(journal.read(firstSeq, 1)[0]?.seq).toBe(firstSeq);
  while (await journal.trim(601, 0));
  expect(readAll(journal).at(-1)?.seq).toBe(600);
});

test('what is not flushed yet is read, however little is kept in memory', async () => {
  await using journal = await open(temporaryFolder(), { recentBytes: 0 });
  const flushed = journal.append(entries(1, 50));
  expect(readAll(journal)).toEqual(entries(1, 50));
  await flushed;
  expect(readAll(journal)).toEqual(entries(1, 50));
});

test('what is kept of the newest entries is bounded by what they take in memory, not by their bytes alone', () => {
  const recent = new Recent(100_000);
  for (const entry of entries(1, 2_000, 1, 10)) {
    recent.push(entry);
    recent.trim(entry.seq);
  }
  const kept = recent.read(recent.firstSeq ?? 0, 1e9);
  expect(kept.at(-1)?.seq).toBe(2_000);
  expect(kept.length).toBeGreaterThan(200);
  // An entry and its two views are more than 250 bytes.
  expect(kept.length).toBeLessThan(400);
  recent.cut(1);
  expect(recent.bytes).toBe(0);
});
