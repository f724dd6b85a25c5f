import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Disk, realDisk } from '../../src/configuration-store/disk.js';
import { DamagedState, openFileStore } from '../../src/configuration-store/index.js';
import { decodeStateFile, encodeStateFile } from '../../src/configuration-store/state-file.js';
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
  let failing: 'before' | 'after' | undefined;
  const fail = (moment: 'before' | 'after'): void => {
    if (moment !== failing) return;
    failing = undefined;
    throw new Error('the disk, on purpose');
  };
  const disk: Disk = {
    ...realDisk,
    write: async (fd, bytes) => {
      if (failing === 'before') await realDisk.write(fd, bytes.subarray(0, 5));
      fail('before');
      await realDisk.write(fd, bytes);
    },
    flushFolder: async (fd) => {
      await realDisk.flushFolder(fd);
      fail('after');
    },
  };
  return {
    open: () => openFileStore(path, disk),
    failNext: (moment) => {
      failing = moment;
    },
    [Symbol.asyncDispose]: async () => {},
  };
});

test('R1: what is kept is written and flushed before it takes the place of the old, and the folder is flushed before anyone is told', async () => {
  const done: string[] = [];
  const disk: Disk = {
    ...realDisk,
    write: async (fd, bytes) => {
      await realDisk.write(fd, bytes);
      done.push('written');
    },
    flush: async (fd) => {
      await realDisk.flush(fd);
      done.push('flushed');
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
  await using store = await openFileStore(folder(), disk);
  await store.compareAndSet(0, Buffer.from('something'));
  done.push('told');
  expect(done).toEqual(['written', 'flushed', 'in place', 'folder flushed', 'told']);
});

async function kept(path: string, text: string): Promise<string> {
  await using store = await openFileStore(path);
  await store.compareAndSet(0, Buffer.from(text));
  return join(path, 'state');
}

test.each([
  ['cut short', (file: string) => truncateSync(file, readFileSync(file).length - 3), 'announced'],
  ['empty', (file: string) => truncateSync(file, 0), 'does not begin'],
  ['another file', (file: string) => writeFileSync(file, 'hello\n'), 'does not begin'],
  ['of a later form', (file: string) => writeFileSync(file, 'everline-router-state 2 1 0 0\n'), 'update it'],
  [
    'changed by one bit',
    (file: string) => {
      const content = readFileSync(file);
      content[content.length - 1] = (content.at(-1) ?? 0) ^ 1;
      writeFileSync(file, content);
    },
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
  const file = Buffer.from(encodeStateFile({ revision: 12, bytes }));
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
