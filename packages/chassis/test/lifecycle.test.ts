import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, jest, test } from '@jest/globals';
import { eventually } from './support/eventually.js';

// Processes start slowly on a busy machine.
jest.setTimeout(30_000);

const program = fileURLToPath(new URL('./process.js', import.meta.url));
const children: ChildProcess[] = [];

interface Run {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  /** Log lines by their message. */
  logged(): string[];
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** A process that does what its name says, see process.ts. */
function run(what: string, ...more: readonly string[]): Run {
  const child = spawn(process.execPath, [program, what, ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => (out += chunk));
  child.stderr?.on('data', (chunk) => (err += chunk));
  return {
    child,
    out: () => out,
    err: () => err,
    logged: () =>
      err
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => String((JSON.parse(line) as { message: unknown }).message)),
    ended: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal }))),
  };
}

const started = (process: Run) => eventually(() => process.out().includes('started'));

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s aborts, disposes, and ends with 0', async (signal) => {
  const process = run('serve');
  await started(process);
  process.child.kill(signal);
  expect(await process.ended).toEqual({ code: 0, signal: null });
  expect(process.out()).toBe('started\naborted\ndisposed\n');
  expect(process.logged()).toEqual(['ends on request']);
});

test('a second signal ends at once', async () => {
  const process = run('hang-in-disposal');
  await started(process);
  process.child.kill('SIGTERM');
  await eventually(() => process.out().includes('disposing'));
  process.child.kill('SIGINT');
  expect((await process.ended).code).toBe(130);
});

test('a disposal that hangs ends with the grace, and says so', async () => {
  const process = run('hang-in-disposal', '100');
  await started(process);
  process.child.kill('SIGTERM');
  expect((await process.ended).code).toBe(70);
  expect(process.logged()).toEqual(['ends on request', 'ends before all was closed']);
});

test('a disposal that fails is logged and no success', async () => {
  const process = run('fail-in-disposal');
  await started(process);
  process.child.kill('SIGTERM');
  expect((await process.ended).code).toBe(70);
  expect(process.logged()).toContain('could not close everything');
});

test('a signal during the start ends it with 0', async () => {
  const process = run('start-slowly');
  await started(process);
  process.child.kill('SIGTERM');
  expect((await process.ended).code).toBe(0);
});

test('a start that does not hear a signal ends with the grace, and says so', async () => {
  const process = run('never-start', '100');
  await started(process);
  process.child.kill('SIGTERM');
  expect((await process.ended).code).toBe(70);
  expect(process.logged()).toEqual(['ends on request', 'ends before it had started']);
});

test('work that is finished ends with 0 after its disposal', async () => {
  const process = run('finish');
  expect((await process.ended).code).toBe(0);
  expect(process.out()).toBe('started\naborted\ndisposed\n');
});

test('work that fails for good ends with its own code and sentence, not with that of what follows from it', async () => {
  const process = run('finish-badly');
  expect((await process.ended).code).toBe(75);
  expect(process.err()).toMatch(/^example: the disk is gone$/m);
  expect(process.logged()).toEqual(['could not close everything']);
});

test('a wrong configuration is one sentence on stderr and 78', async () => {
  const process = run('configure', '--ping-ms', '0');
  expect((await process.ended).code).toBe(78);
  expect(process.err()).toBe('example: --ping-ms must be a whole number from 1 to 1000 ms, not "0"\n');
});

test('--help goes to stdout and ends with 0', async () => {
  const process = run('configure', '--help');
  expect((await process.ended).code).toBe(0);
  expect(process.out()).toContain('--ping-ms <MS>');
  expect(process.err()).toBe('');
});

test.each(['throw-in-start', 'throw-later', 'reject-later'])(
  '%s is logged with its stack and ends with 70',
  async (what) => {
    const process = run(what);
    expect((await process.ended).code).toBe(70);
    expect(process.err()).toMatch(/"message":"boom".*"stack":"Error: boom/);
  },
);

test('a closed stderr changes no exit code', async () => {
  const process = run('throw-later');
  process.child.stderr?.destroy();
  expect((await process.ended).code).toBe(70);
});
