import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { endAfterAll } from '../src/cluster/for-all.js';
import { eventually, within } from '../src/eventually.js';
import { newPlace, nothingLeft, processesOn } from '../src/processes/brought-up.js';
import { Run } from '../src/processes/run.js';
import { mountFull, smallFileSystem, unmount } from '../src/processes/tmpfs.js';
import { scenario, scenarioWith } from '../src/scenario.js';
import { everline, startEverline } from '../src/terminal/everline.js';

const run = new Run('up');

endAfterAll(run);

function oneLine(text: string): void {
  expect(text.trim().split('\n')).toHaveLength(1);
}

describe('everline up', () => {
  scenario(
    'started twice: the second says what runs where, and nothing runs twice; detached it runs on until down ends it',
    async () => {
      const { args, data, port } = await newPlace(run);
      expect(await everline(run, ['up', '--detach', ...args], { deadlineMs: 60_000 })).toMatchObject({
        code: 0,
      });
      const running = processesOn(run, data).sort();
      const second = await everline(run, ['up', ...args], { deadlineMs: 30_000 });
      expect(second).toMatchObject({ code: 0 });
      for (const at of [port, port + 1, port + 2])
        expect(second.stdout + second.stderr).toContain(`127.0.0.1:${at}`);
      expect(processesOn(run, data).sort()).toEqual(running);
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
      expect(await everline(run, ['down', '--data', data], { deadlineMs: 40_000 })).toMatchObject({
        code: 0,
      });
      await nothingLeft(run, data);
    },
    120_000,
  );
});

describe('What cannot be started', () => {
  scenario(
    'a folder that cannot be written: one clear line, an exit code, nothing half-started',
    async () => {
      const { port } = await newPlace(run);
      writeFileSync(run.path('a-file'), '');
      for (const data of [run.path('a-file'), run.path('a-file', 'below'), '/proc/everline']) {
        const { code, stderr } = await everline(run, ['up', '--port', String(port), '--data', data]);
        expect(code).toBe(1);
        oneLine(stderr);
        expect(stderr).toContain(data);
        expect(processesOn(run, data)).toEqual([]);
      }
    },
    60_000,
  );

  scenarioWith(
    smallFileSystem,
    'a full disk: one clear line, an exit code, nothing half-started',
    async () => {
      const { port } = await newPlace(run);
      const folder = mountFull(run.path('full'));
      const data = join(folder, 'data');
      const { code, stderr } = await everline(run, ['up', '--port', String(port), '--data', data]);
      unmount(folder);
      expect(code).toBe(1);
      oneLine(stderr);
      expect(processesOn(run, data)).toEqual([]);
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

  scenario(
    'killed with kill -9, while it begins and in the middle: its cluster ends with it, and nothing is left',
    async () => {
      for (const [name, seen] of Object.entries({ tmp3: /everline/i, tmp4: /alice/i })) {
        const folder = run.path(name);
        mkdirSync(folder, { recursive: true });
        const child = startEverline(run, ['demo'], { TMPDIR: folder });
        await eventually(() => seen.test(child.stdout + child.stderr), 40_000, `it shows ${seen}`);
        await eventually(() => processesOn(run, folder).length > 0, 30_000, 'its cluster comes up');
        child.signal('SIGKILL');
        await nothingLeft(run, folder);
        await eventually(() => readdirSync(folder).length === 0, 15_000, 'its folder is removed');
      }
    },
    90_000,
  );
});
