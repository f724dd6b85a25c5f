// Damaged data directories: they are opened and read through by a process that is not this one, for what must not happen is that it dies.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@everline/chassis';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { carryOut, closed, follow, login, opened, post, temporaryFolder } from './temporary.js';

/** Each test starts processes of its own. */
jest.setTimeout(120_000);

const reader = fileURLToPath(new URL('./read-store.js', import.meta.url));

let made: string | undefined;

afterAll(() => {
  if (made !== undefined) rmSync(made, { recursive: true });
});

/** A copy of one with some hundred users, and posts of all lengths. */
async function storeFolder(): Promise<string> {
  made ??= await makeStore(mkdtempSync(join(tmpdir(), 'everline-damage-')));
  const folder = temporaryFolder();
  cpSync(made, folder, { recursive: true });
  return folder;
}

async function makeStore(folder: string): Promise<string> {
  const store = await opened(folder);
  for (let i = 0; i < 150; i++) await carryOut(store, [login(`user${i}`)]);
  for (let i = 1; i < 150; i++) await carryOut(store, [follow(`user${i}`, `user${i >> 1}`)]);
  for (let i = 0; i < 40; i++) {
    await carryOut(
      store,
      Array.from({ length: 10 }, (_, j) => post(`user${i}`, 'x'.repeat(1 + ((i * 97 + j * 411) % 4_000)))),
    );
  }
  await closed(store);
  return folder;
}

/** What a process says that opens the folders and reads everything, of each: 'whole', or the error's name. */
function readEach(folders: readonly string[], ...asked: readonly string[]): string[] {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [reader, ...asked, ...folders], {
    encoding: 'utf8',
    timeout: 100_000,
  });
  const said = stdout.split('\n').slice(0, -1);
  if (signal !== null || status !== 0)
    throw new Error(`it ended with ${signal ?? status} at ${folders[said.length]}: ${stderr}`);
  return said;
}

function readThrough(folder: string): string {
  return readEach([folder])[0] ?? '';
}

describe('M13: a damaged database', () => {
  const damages: readonly [string, (file: string) => void][] = [
    ['that is gone', (file) => rmSync(file)],
    ['that is empty', (file) => truncateSync(file, 0)],
    ['of zero bytes', (file) => writeFileSync(file, Buffer.alloc(statSync(file).size))],
    ['of garbage', (file) => writeFileSync(file, Buffer.alloc(statSync(file).size, 'garbage'))],
    ['that is a text', (file) => writeFileSync(file, 'this is no database\n')],
    ['without its end', (file) => truncateSync(file, statSync(file).size >> 1)],
    ['of which one page is left', (file) => truncateSync(file, 4096)],
    ['of which two pages are left', (file) => truncateSync(file, 8192)],
  ];
  const refusals = new Map<string, string>();

  beforeAll(async () => {
    const folders = await Promise.all(damages.map(() => storeFolder()));
    damages.forEach(([, damage], index) => {
      damage(join(folders[index] ?? '', 'generation-1', 'state', 'data.mdb'));
    });
    readEach(folders).forEach((said, index) => {
      refusals.set(damages[index]?.[0] ?? '', said);
    });
  });

  test.each(damages)('%s is refused with a sentence', (what) => {
    expect(refusals.get(what)).toMatch(/^DamagedStore .*data\.mdb is damaged.*--reset-from-peers/);
  });

  test('is whole before', async () => {
    expect(readThrough(await storeFolder())).toBe('whole');
  });

  test('with pages overwritten, one at a time, ends no process', async () => {
    const whole = readFileSync(join(await storeFolder(), 'generation-1', 'state', 'data.mdb'));
    const pages = whole.length / 4096;
    const folders: string[] = [];
    for (let page = 0; page < pages; page += Math.ceil(pages / 6)) {
      for (const filler of [Buffer.alloc(4096), Buffer.alloc(4096, 0xff), Buffer.alloc(4096, 'A')]) {
        const bytes = Buffer.from(whole);
        filler.copy(bytes, page * 4096);
        const folder = await storeFolder();
        writeFileSync(join(folder, 'generation-1', 'state', 'data.mdb'), bytes);
        folders.push(folder);
      }
    }
    const said = readEach(folders).map((words) => words.split(' ')[0]);
    expect(said).toHaveLength(folders.length);
    expect(said.every((word) => word === 'whole' || word === 'DamagedStore')).toBe(true);
    expect(said.filter((word) => word === 'DamagedStore').length).toBeGreaterThan(5);
  }, 120_000);

  test('with a bit flipped in a post is found when the post is read', async () => {
    const folder = await storeFolder();
    const file = join(folder, 'generation-1', 'state', 'data.mdb');
    const bytes = readFileSync(file);
    for (let at = bytes.indexOf('xxxxxxxxxx'); at !== -1; at = bytes.indexOf('xxxxxxxxxx', at + 4096))
      bytes[at] = 0x79;
    writeFileSync(file, bytes);
    expect(readThrough(folder)).toMatch(/^DamagedStore .*a record of posts is not what was written/);
  });
});

test('of the facts one copy may be damaged; with both, nothing is guessed', async () => {
  const folder = await storeFolder();
  const file = join(folder, 'facts');
  const bytes = readFileSync(file);
  for (const at of [20, 64 * 1024 + 20]) {
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(at) ^ 4, at);
    writeFileSync(file, damaged);
    expect(readThrough(folder)).toBe('whole');
  }
  for (const damaged of [Buffer.alloc(0), Buffer.alloc(bytes.length), bytes.subarray(0, 10)]) {
    writeFileSync(file, damaged);
    expect(readThrough(folder)).toMatch(/^DamagedStore .*facts is damaged/);
  }
  rmSync(file);
  expect(readThrough(folder)).toMatch(/^DamagedStore .*it is not there, and data is/);
});

test('a journal that ends before the state, or is gone, is refused', async () => {
  const folder = await storeFolder();
  const other = temporaryFolder();
  cpSync(folder, other, { recursive: true });
  rmSync(join(other, 'generation-1', 'journal', '000000000001.journal'));
  expect(readThrough(other)).toMatch(/^DamagedStore .*journal is damaged: it does not reach back/);
  truncateSync(join(folder, 'generation-1', 'journal', '000000000001.journal'), 5_000);
  expect(readThrough(folder)).toMatch(/^DamagedStore .*\.journal is damaged/);
});

/** One thing at random: bits, an end, a stretch of zeros, two files for each other, or files that belong to nobody. */
function damageSomewhere(folder: string, below: (bound: number) => number): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /facts$|\.journal$|data\.mdb$/.test(name))
    .sort();
  const name = files[below(files.length)] ?? '';
  const file = join(folder, name);
  const bytes = readFileSync(file);
  switch (below(5)) {
    case 0: {
      for (let flips = 1 + below(8); flips > 0; flips -= 1) {
        const at = below(bytes.length);
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << below(8)), at);
      }
      writeFileSync(file, bytes);
      return `bits of ${name} flipped`;
    }
    case 1:
      truncateSync(file, below(bytes.length));
      return `${name} cut`;
    case 2: {
      const from = below(bytes.length);
      bytes.fill(0, from, Math.min(bytes.length, from + 1 + below(16_384)));
      writeFileSync(file, bytes);
      return `${name} zeroed from ${from}`;
    }
    case 3: {
      const other = files[below(files.length)] ?? name;
      writeFileSync(file, readFileSync(join(folder, other)));
      writeFileSync(join(folder, other), bytes);
      return `${name} and ${other} exchanged`;
    }
    default:
      for (const extra of [
        'generation-9/x',
        'notes.txt',
        'generation-1/journal/notes.txt',
        'generation-1/state/x',
      ]) {
        mkdirSync(join(folder, extra, '..'), { recursive: true });
        writeFileSync(join(folder, extra), bytes.subarray(0, 1_000));
      }
      return 'files of nobody';
  }
}

test('whatever is damaged: it refuses with the file and the remedy, or has the same state as before', async () => {
  const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
  const random = seededRandom(seed);
  const below = (bound: number): number => Math.floor(random.next() * bound);
  const [whole] = readEach([await storeFolder()], 'hash');
  const wrong: unknown[] = [];
  const rounds = Number(process.env.FUZZ_RUNS ?? 8);
  const atOnce = 8;
  for (let round = 0; round < rounds; round += atOnce) {
    const folders: string[] = [];
    const damages: string[] = [];
    for (let one = round; one < Math.min(rounds, round + atOnce); one += 1) {
      const folder = await storeFolder();
      folders.push(folder);
      damages.push(damageSomewhere(folder, below));
    }
    readEach(folders, 'hash').forEach((said, index) => {
      const refused = /^DamagedStore \/.* is damaged: .+--reset-from-peers|^NewerFormat /.test(said);
      if (said !== whole && !refused) wrong.push({ round: round + index, damage: damages[index], said });
    });
    for (const folder of folders) rmSync(folder, { recursive: true });
  }
  expect({ seed, wrong }).toEqual({ seed, wrong: [] });
}, 600_000);
