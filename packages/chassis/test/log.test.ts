import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import { eventually } from './support/eventually.js';
import { memoryLog } from './support/memory-log.js';

// Processes start slowly on a busy machine.
jest.setTimeout(30_000);

const shouter = fileURLToPath(new URL('./shouter.js', import.meta.url));

/** A process that logs so many lines and then says "done" on its stdout. */
function shout(
  lines: number,
  stderr: 'pipe' | number,
): { child: ChildProcess; done: Promise<number | null> } {
  const child = spawn(process.execPath, [shouter, String(lines)], { stdio: ['pipe', 'pipe', stderr] });
  return { child, done: new Promise((resolve) => child.on('exit', resolve)) };
}

function linesOf(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('an event is one JSON line with time, process, fields and message', () => {
  const log = memoryLog();
  log.child({ epoch: 7 }).info({ seq: 5 }, 'committed');
  expect(log.lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      pid: process.pid,
      name: 'test',
      epoch: 7,
      seq: 5,
      message: 'committed',
    },
  ]);
});

test('an error keeps its stack and what caused it', () => {
  const log = memoryLog();
  log.error({ error: new Error('outer', { cause: new RangeError('inner') }) }, 'failed');
  const [line] = log.lines;
  expect(line?.error).toMatchObject({
    type: 'Error',
    message: 'outer',
    stack: expect.stringContaining('log.test'),
    cause: { type: 'RangeError', message: 'inner' },
  });
});

test('a level holds for all children, those made before it was set, too', () => {
  const log = memoryLog();
  const child = log.child({ part: 'child' });
  log.setLevel('warn');
  child.info({}, 'quiet');
  child.warn({}, 'heard');
  log.child({}).debug({}, 'quiet');
  log.setLevel('silent');
  log.error({}, 'quiet');
  expect(log.lines.map(({ message }) => message)).toEqual(['heard']);
});

test('all lines reach a file, whole and in order, also those right before an exit', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chassis-'));
  const path = join(folder, 'log');
  const { child, done } = shout(5_000, openSync(path, 'a'));
  child.stdin?.end();
  expect(await done).toBe(0);
  const lines = linesOf(readFileSync(path, 'utf8'));
  expect(lines.map(({ number }) => number)).toEqual(Array.from({ length: 5_000 }, (_, i) => i));
  rmSync(folder, { recursive: true });
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux.each(['a socket', 'a pipe'])(
  'a reader of %s that sleeps neither blocks the process nor tears a line, and is told what it missed',
  async (kind) => {
    const folder = mkdtempSync(join(tmpdir(), 'chassis-'));
    const pipe = kind === 'a pipe' ? makePipe(join(folder, 'pipe')) : undefined;
    const { child, done } = shout(20_000, pipe?.writer ?? 'pipe');
    let said = '';
    child.stdout?.on('data', (chunk) => (said += chunk));
    await eventually(() => said.includes('done'), 20_000);
    let text = '';
    child.stderr?.on('data', (chunk) => (text += chunk));
    const read = (): string => (text += pipe?.read() ?? '');
    await eventually(() => read().includes('\n'));
    // Now there is room again: the next line tells of the loss.
    child.stdin?.write('more\n');
    await eventually(() => read().includes('"number":"last"'));
    child.stdin?.end();
    expect(await done).toBe(0);
    const lines = linesOf(text);
    const numbers = lines.map(({ number }) => number).filter((number) => typeof number === 'number');
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    const lost = lines.filter(({ message }) => String(message).startsWith('lines of this log were lost'));
    expect(numbers.length).toBeLessThan(20_000);
    expect(lost.reduce((sum, line) => sum + Number(line.lines), 0)).toBe(20_000 - numbers.length);
    pipe?.close();
    rmSync(folder, { recursive: true });
  },
);

/** A named pipe, whose writing end blocks as that of a shell's does. */
function makePipe(path: string) {
  execFileSync('mkfifo', [path]);
  const writer = openSync(path, constants.O_RDWR);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(64 * 1024);
  return {
    writer,
    /** What is there now. */
    read: (): string => {
      try {
        return buffer.toString('utf8', 0, readSync(reader, buffer));
      } catch {
        return '';
      }
    },
    close: () => {
      closeSync(writer);
      closeSync(reader);
    },
  };
}

test('a reader that is gone costs the lines and nothing else', async () => {
  const { child, done } = shout(1_000, 'pipe');
  child.stderr?.destroy();
  let said = '';
  child.stdout?.on('data', (chunk) => (said += chunk));
  await eventually(() => said.includes('done'), 20_000);
  child.stdin?.write('more\n');
  child.stdin?.end();
  expect(await done).toBe(0);
});
