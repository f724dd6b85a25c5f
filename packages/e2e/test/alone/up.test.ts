import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect } from '@jest/globals';
import { argumentAfter, programOf } from '../../src/cluster/recognise.js';
import { eventually, within } from '../../src/eventually.js';
import { holds } from '../../src/figures/figures.js';
import { bin } from '../../src/places.js';
import { freePorts } from '../../src/processes/ports.js';
import { Run } from '../../src/processes/run.js';
import { mountFull, smallFileSystem, unmount } from '../../src/processes/tmpfs.js';
import { scenario, scenarioWith } from '../../src/scenario.js';
import { everline, startEverline } from '../../src/terminal/everline.js';
import { Terminal } from '../../src/terminal/terminal.js';

const run = new Run('up');

afterAll(async () => {
  await run.end();
}, 30_000);

interface Place {
  readonly port: number;
  readonly data: string;
  readonly args: readonly string[];
}

async function newPlace(): Promise<Place> {
  const [port = 0] = await freePorts(3);
  const data = run.path(run.newName('data'));
  return { port, data, args: ['--port', String(port), '--data', data] };
}

/** Roles and watchdogs that run on this folder. */
function processesOn(data: string): string[] {
  return run
    .census()
    .filter(({ argv }) => programOf(argv) !== 'cli' && argv.some((argument) => argument.startsWith(data)))
    .map(({ argv }) => `${programOf(argv)} ${argumentAfter(argv, '--data')}`);
}

async function nothingLeft(data: string): Promise<void> {
  await eventually(
    () => processesOn(data).length === 0,
    15_000,
    () => `nothing is left: ${processesOn(data)}`,
  );
}

function oneLine(text: string): void {
  expect(text.trim().split('\n')).toHaveLength(1);
}

describe('everline up', () => {
  scenario(
    'is ready when it says so, at a terminal; Ctrl-C ends it with 0 and leaves no process',
    async () => {
      const { args, data, port } = await newPlace();
      const begunMs = performance.now();
      const terminal = new Terminal(run, 'up', [process.execPath, bin('cli'), 'up', ...args]);
      await terminal.untilShown(`127.0.0.1:${port}`, 30_000);
      await terminal.untilShown(/ready/i, 30_000);
      const upMs = performance.now() - begunMs;
      const router = ['--router', `127.0.0.1:${port}`];
      expect((await everline(run, ['login', 'upper', '--user', 'upper', ...router])).code).toBe(0);
      const posted = await everline(run, ['post', 'up and running', '--user', 'upper', '--json', ...router]);
      expect(posted).toMatchObject({ code: 0 });
      expect(posted.stdout).toContain('"copies":2');
      expect(processesOn(data)).toHaveLength(9);
      terminal.type('\x03');
      expect(await terminal.untilExit(20_000)).toBe(0);
      await nothingLeft(data);
      expect({ upMs, within: holds('up', [upMs]) }).toMatchObject({ within: true });
    },
    90_000,
  );

  scenario(
    '--detach leaves it running, down ends it, and the next up has everything again',
    async () => {
      const { args, data, port } = await newPlace();
      const router = ['--router', `127.0.0.1:${port}`, '--user', 'stayer'];
      expect(await everline(run, ['up', '--detach', ...args], { deadlineMs: 60_000 })).toMatchObject({
        code: 0,
      });
      await everline(run, ['login', 'stayer', ...router]);
      expect(await everline(run, ['post', 'kept over a restart', ...router])).toMatchObject({ code: 0 });
      expect(await everline(run, ['down', '--data', data], { deadlineMs: 40_000 })).toMatchObject({
        code: 0,
      });
      await nothingLeft(data);
      expect(await everline(run, ['up', '--detach', ...args], { deadlineMs: 60_000 })).toMatchObject({
        code: 0,
      });
      expect((await everline(run, ['timeline', '--own', ...router])).stdout).toContain('kept over a restart');
      expect(await everline(run, ['down', '--data', data], { deadlineMs: 40_000 })).toMatchObject({
        code: 0,
      });
      await nothingLeft(data);
    },
    150_000,
  );

  scenario(
    'started twice: the second says what runs where, and nothing runs twice',
    async () => {
      const { args, data, port } = await newPlace();
      await everline(run, ['up', '--detach', ...args], { deadlineMs: 60_000 });
      const running = processesOn(data).sort();
      const second = await everline(run, ['up', ...args], { deadlineMs: 30_000 });
      expect(second).toMatchObject({ code: 0 });
      for (const at of [port, port + 1, port + 2])
        expect(second.stdout + second.stderr).toContain(`127.0.0.1:${at}`);
      expect(processesOn(data).sort()).toEqual(running);
      const master = await everline(run, [
        'master',
        '--listen',
        '127.0.0.1:0',
        '--router',
        `127.0.0.1:${port}`,
        '--data',
        join(data, 'master-1'),
      ]);
      expect(master.code).toBe(75);
      expect(master.stderr).toMatch(/pid \d+/);
      await everline(run, ['down', '--data', data], { deadlineMs: 40_000 });
      await nothingLeft(data);
    },
    120_000,
  );
});

describe('What cannot be started', () => {
  scenario(
    'a port in use: one clear line, an exit code, nothing half-started',
    async () => {
      const { args, data, port } = await newPlace();
      const squatter = createServer().listen(port + 1, '127.0.0.1');
      const { code, stderr } = await everline(run, ['up', ...args], { deadlineMs: 60_000 });
      squatter.close();
      expect(code).toBe(1);
      oneLine(stderr);
      expect(stderr).toContain(String(port + 1));
      await nothingLeft(data);
    },
    80_000,
  );

  scenario(
    'a folder that cannot be written: one clear line, an exit code, nothing half-started',
    async () => {
      const { port } = await newPlace();
      writeFileSync(run.path('a-file'), '');
      for (const data of [run.path('a-file'), run.path('a-file', 'below'), '/proc/everline']) {
        const { code, stderr } = await everline(run, ['up', '--port', String(port), '--data', data]);
        expect(code).toBe(1);
        oneLine(stderr);
        expect(stderr).toContain(data);
        expect(processesOn(data)).toEqual([]);
      }
    },
    60_000,
  );

  scenarioWith(
    smallFileSystem,
    'a full disk: one clear line, an exit code, nothing half-started',
    async () => {
      const { port } = await newPlace();
      const folder = mountFull(run.path('full'));
      const data = join(folder, 'data');
      const { code, stderr } = await everline(run, ['up', '--port', String(port), '--data', data]);
      unmount(folder);
      expect(code).toBe(1);
      oneLine(stderr);
      expect(processesOn(data)).toEqual([]);
    },
    60_000,
  );

  scenario(
    'a bad setting: exit code 78 and one sentence that names the flag and the limit, in every role',
    async () => {
      const data = run.path('bad');
      const cases: [string, string[], string][] = [
        ['router', ['--data', data, '--listen', 'nonsense'], '--listen'],
        ['router', ['--data', data, '--suspicion-ms', '1'], '--suspicion-ms'],
        ['router', [], '--data'],
        ['master', ['--data', data, '--router', 'nowhere'], '--router'],
        ['master', ['--data', data, '--router', '127.0.0.1:9', '--lease-ms', 'x'], '--lease-ms'],
        ['master', ['--data', data, '--router', '127.0.0.1:9', '--no-such-flag'], '--no-such-flag'],
      ];
      for (const [role, args, flag] of cases) {
        const { code, stderr } = await everline(run, [role, ...args]);
        expect({ role, args, code, stderr }).toMatchObject({ code: 78 });
        expect(stderr).toContain(flag);
        oneLine(stderr);
      }
    },
    60_000,
  );
});

describe('everline demo', () => {
  scenario(
    'kills the available master before one’s eyes, loses nothing, doubles nothing, and leaves nothing',
    async () => {
      mkdirSync(run.path('tmp'), { recursive: true });
      const { code, stdout, stderr } = await everline(run, ['demo', '--json'], {
        deadlineMs: 90_000,
        environment: { TMPDIR: run.path('tmp') },
      });
      if (code !== 0) throw new Error(`the demo ended with ${code}: ${stdout}${stderr}`);
      const result = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { event: string; lost: number; doubled: number; pauseMs: number })
        .find(({ event }) => event === 'result');
      expect(result).toMatchObject({ lost: 0, doubled: 0, failed: 0 });
      const pauseMs = result?.pauseMs ?? Number.NaN;
      expect({ pauseMs, within: holds('demo', [pauseMs]) }).toMatchObject({ within: true });
      expect(readdirSync(run.path('tmp'))).toEqual([]);
      expect(run.census().filter(({ argv }) => programOf(argv) !== 'cli')).toEqual([]);
    },
    120_000,
  );

  scenario(
    'interrupted with Ctrl-C in the middle: 130, and nothing is left',
    async () => {
      mkdirSync(run.path('tmp2'), { recursive: true });
      const child = startEverline(run, ['demo'], { TMPDIR: run.path('tmp2') });
      await eventually(() => /alice/i.test(child.stdout + child.stderr), 40_000, 'they talk');
      child.signal('SIGINT');
      expect((await within(child.exited, 30_000, 'the demo ends')).code).toBe(130);
      expect(readdirSync(run.path('tmp2'))).toEqual([]);
    },
    90_000,
  );
});

describe('everline verify', () => {
  scenario(
    'while processes of every kind are killed: all that is written is read, nothing lost, nothing doubled, and all runs again',
    async () => {
      const { args, data } = await newPlace();
      await everline(run, ['up', '--detach', ...args], { deadlineMs: 60_000 });
      const wish = ['--data', data, '--kill', 'random', '--every', '1s', '--for', '6s', '--rate', '400'];
      const { code, stdout, stderr } = await everline(run, ['verify', ...wish], { deadlineMs: 90_000 });
      if (code !== 0) throw new Error(`verify ended with ${code}: ${stdout}${stderr}`);
      expect(stdout).toMatch(/ · 0 lost · 0 doubled · longest pause .* · epoch \d+ · [1-9]\d* killed\n$/);
      const [, written, read] = /^([\d,]+) written · ([\d,]+) read/.exec(stdout) ?? [];
      expect(written).not.toBe('0');
      expect(read).toBe(written);
      await eventually(
        () => processesOn(data).length === 9,
        15_000,
        () => `every role and every watchdog runs: ${processesOn(data)}`,
      );
      await everline(run, ['down', '--data', data], { deadlineMs: 40_000 });
      await nothingLeft(data);
    },
    150_000,
  );
});
