import { mkdirSync, readdirSync } from 'node:fs';
import { describe, expect } from '@jest/globals';
import { endAfterAll } from '../../src/cluster/for-all.js';
import { programOf } from '../../src/cluster/recognise.js';
import { holds } from '../../src/figures/figures.js';
import { bin } from '../../src/places.js';
import { newPlace, nothingLeft, processesOn } from '../../src/processes/brought-up.js';
import { Run } from '../../src/processes/run.js';
import { scenario } from '../../src/scenario.js';
import { everline } from '../../src/terminal/everline.js';
import { Terminal } from '../../src/terminal/terminal.js';

const run = new Run('ready');

endAfterAll(run);

describe('everline up', () => {
  scenario(
    'is ready when it says so, at a terminal; Ctrl-C ends it with 0 and leaves no process',
    async () => {
      const { args, data, port } = await newPlace(run);
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
      expect(processesOn(run, data)).toHaveLength(9);
      terminal.type('\x03');
      expect(await terminal.untilExit(20_000)).toBe(0);
      await nothingLeft(run, data);
      expect({ upMs, within: holds('up', [upMs]) }).toMatchObject({ within: true });
    },
    90_000,
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
      const events = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { event: string; pauseMs: number });
      const story = ['begin', 'ready', 'killed', 'resumed', 'back', 'result'];
      expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(story));
      const result = events.at(-1);
      expect(result).toMatchObject({ event: 'result', lost: 0, doubled: 0, failed: 0, ok: true });
      const pauseMs = result?.pauseMs ?? Number.NaN;
      expect({ pauseMs, within: holds('demo', [pauseMs]) }).toMatchObject({ within: true });
      expect(readdirSync(run.path('tmp'))).toEqual([]);
      expect(run.census().filter(({ argv }) => programOf(argv) !== 'cli')).toEqual([]);
    },
    120_000,
  );
});
