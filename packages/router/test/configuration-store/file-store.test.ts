import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Disk, realDisk } from '../../src/configuration-store/disk.js';
import { DamagedState, openFileStore } from '../../src/configuration-store/index.js';
import { decodeStateFile, encodeCopy, encodeStateFile } from '../../src/configuration-store/state-file.js';
import { contract } from './contract.js';

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'everline-store-'));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true });
});

contract('file', async () => {
  const path = folder();
  /** Writes of the first copy that fail. Without the first of them the old one is put back; when that fails, too, nobody knows. */
  let failures = 0;
  const disk: Disk = {
    ...realDisk,
    write: async (fd, bytes, at) => {
      if (at > 0 || failures === 0) return realDisk.write(fd, bytes, at);
      failures -= 1;
      await realDisk.write(fd, bytes.subarray(0, 5), at);
      throw new Error('the disk, on purpose');
    },
  };
  return {
    open: () => openFileStore(path, disk),
    failNext: (moment) => {
      failures = moment === 'before' ? 1 : 2;
    },
    [Symbol.asyncDispose]: async () => {},
  };
});

/** Notes what is done to the disk, and holds a write of the second copy until it is let go. */
function watchedDisk() {
  const done: string[] = [];
  const held: Array<() => void> = [];
  let failing = false;
  const disk: Disk = {
    ...realDisk,
    write: async (fd, bytes, at) => {
      if (at > 0) await new Promise<void>((resolve) => held.push(resolve));
      if (at > 0 && failing) throw new Error('the disk, on purpose');
      await realDisk.write(fd, bytes, at);
      done.push(at > 0 ? 'other copy' : 'written');
    },
    rename: async (from, to) => {
      await realDisk.rename(from, to);
      done.push('in place');
    },
    flushFolder: async (fd) => {
      await realDisk.flushFolder(fd);
      done.push('folder flushed');
    },
  };
  return {
    disk,
    done,
    letGo: async () => {
      while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
      held.shift()?.();
    },
    failOther: () => {
      failing = true;
    },
  };
}

test('R1: the first is written before it takes its place, and the folder is flushed before anyone is told; the next are told after one write, and written over only when the other copy is as new', async () => {
  const { disk, done, letGo } = watchedDisk();
  await using store = await openFileStore(folder(), disk);
  await store.compareAndSet(0, Buffer.from('one'));
  done.push('told');
  expect(done.splice(0)).toEqual(['written', 'in place', 'folder flushed', 'told']);
  await store.compareAndSet(1, Buffer.from('two'));
  done.push('told');
  const third = store.compareAndSet(2, Buffer.from('three')).then(() => done.push('told'));
  await letGo();
  await third;
  await letGo();
  await store.get();
  expect(done).toEqual(['written', 'told', 'other copy', 'written', 'told', 'other copy']);
});

test('where the other copy cannot be written, the next change makes the file anew', async () => {
  const { disk, done, letGo, failOther } = watchedDisk();
  await using store = await openFileStore(folder(), disk);
  await store.compareAndSet(0, Buffer.from('one'));
  await store.compareAndSet(1, Buffer.from('two'));
  failOther();
  await letGo();
  done.splice(0);
  expect(await store.compareAndSet(2, Buffer.from('three'))).toEqual({ kind: 'kept', revision: 3 });
  expect(done).toEqual(['written', 'in place', 'folder flushed']);
});

test('what outgrows its place gets a larger one', async () => {
  const path = folder();
  {
    await using store = await openFileStore(path);
    await store.compareAndSet(0, Buffer.from('small'));
    await store.compareAndSet(1, Buffer.alloc(100_000, 'x'));
    await store.compareAndSet(2, Buffer.alloc(100_001, 'y'));
  }
  await using store = await openFileStore(path);
  expect(await store.get()).toEqual({ revision: 3, bytes: Buffer.alloc(100_001, 'y') });
});

async function kept(path: string, text: string): Promise<string> {
  await using store = await openFileStore(path);
  await store.compareAndSet(0, Buffer.from(text));
  return join(path, 'state');
}

test.each([
  ['cut short', (file: string) => truncateSync(file, 40), 'announced'],
  ['empty', (file: string) => truncateSync(file, 0), 'does not begin'],
  ['another file', (file: string) => writeFileSync(file, 'hello\n'), 'does not begin'],
  ['of a later form', (file: string) => writeFileSync(file, 'everline-router-state 2 1 0 0\n'), 'update it'],
  [
    'changed by one bit in both copies',
    (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replaceAll('something', 'somethinf')),
    'checksum',
  ],
  [
    'of another revision in both copies',
    (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replaceAll('state 1 1 ', 'state 1 7 ')),
    'checksum',
  ],
])('a state file that is %s is refused by name, with the remedy', async (_, damage, why) => {
  const path = folder();
  const file = await kept(path, 'something');
  damage(file);
  await using store = await openFileStore(path);
  const failed = await store.get().catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(DamagedState);
  expect(String(failed)).toContain(file);
  expect(String(failed)).toContain(why);
});

test('R1: after a crash at any byte of a write it says what was there, or what was to be there; once told, only that', () => {
  const was = encodeCopy({ revision: 7, bytes: Buffer.from('what was there') });
  const next = encodeCopy({ revision: 8, bytes: Buffer.from('what was to be there, and is longer') });
  const half = encodeStateFile(was).length / 2;
  for (let written = 0; written <= next.length; written += 1) {
    const file = Buffer.from(encodeStateFile(was));
    file.set(next.subarray(0, written), 0);
    expect(decodeStateFile('state', file).revision).toBe(written < next.length ? 7 : 8);
    file.set(next, 0);
    file.set(next.subarray(0, written), half);
    expect(decodeStateFile('state', file).revision).toBe(8);
  }
});

test('a half-written temporary of an earlier crash is never read', async () => {
  const path = folder();
  await kept(path, 'whole');
  writeFileSync(join(path, 'state.new'), 'everline-router-state 1 9');
  await using store = await openFileStore(path);
  expect(Buffer.from((await store.get())?.bytes ?? []).toString()).toBe('whole');
  expect(await store.compareAndSet(1, Buffer.from('next'))).toEqual({ kind: 'kept', revision: 2 });
  expect(readdirSync(path).toSorted()).toContain('state');
});

test('whatever is damaged in it: a state file is refused by name, or says what it said', () => {
  const bytes = Buffer.from(JSON.stringify({ version: 12, epoch: 3, masters: ['a', 'b'] }));
  const copy = encodeCopy({ revision: 12, bytes });
  const file = Buffer.concat([copy, copy]);
  const places = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(7)), { minLength: 1, maxLength: 4 });
  const flipped = places.map((flips) => {
    const copy = Buffer.from(file);
    for (const [at, bit] of flips) copy.writeUInt8(copy.readUInt8(at) ^ (1 << bit), at);
    return copy;
  });
  const cut = fc.nat(file.length).map((length) => file.subarray(0, length));
  const zeroed = fc.nat(file.length).map((from) => Buffer.from(file).fill(0, from));
  const longer = fc.uint8Array({ maxLength: 30 }).map((more) => Buffer.concat([file, more]));
  const anything = fc.uint8Array({ maxLength: 200 }).map((content) => Buffer.from(content));
  const runs = Number(process.env.FUZZ_RUNS ?? 1_000);
  fc.assert(
    fc.property(fc.oneof(flipped, cut, zeroed, longer, anything), (content) => {
      try {
        expect(Buffer.from(decodeStateFile('/x/state', content).bytes)).toEqual(bytes);
      } catch (error) {
        if (!(error instanceof DamagedState)) throw error;
        expect(error.message).toMatch(/^\/x\/state .*(--recover|update it)/s);
      }
    }),
    { numRuns: Math.max(1_000, runs) },
  );
});
