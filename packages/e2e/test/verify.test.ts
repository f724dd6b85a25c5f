import { describe, expect } from '@jest/globals';
import { Cluster } from '../src/cluster/cluster.js';
import { endAfterAll } from '../src/cluster/for-all.js';
import { eventually, within } from '../src/eventually.js';
import { newPlace, processesOn } from '../src/processes/brought-up.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';
import { everline, startEverline } from '../src/terminal/everline.js';

const run = new Run('verify');
let cluster: Cluster | undefined;

endAfterAll(run, () => cluster?.close());

describe('everline verify', () => {
  scenario(
    'while processes of every kind are killed: all that is written is read, nothing lost, nothing doubled, and all runs again',
    async () => {
      const { data, args } = await newPlace(run);
      await everline(run, ['up', '--detach', ...args], { deadlineMs: 60_000 });
      const wish = ['--data', data, '--kill', 'random', '--every', '1s', '--for', '6s', '--rate', '400'];
      const { code, stdout, stderr } = await everline(run, ['verify', ...wish], { deadlineMs: 90_000 });
      if (code !== 0) throw new Error(`verify ended with ${code}: ${stdout}${stderr}`);
      expect(stdout).toMatch(/ · 0 lost · 0 doubled · longest pause .* · epoch \d+ · [1-9]\d* killed\n$/);
      const [, written, read] = /^([\d,]+) written · ([\d,]+) read/.exec(stdout) ?? [];
      expect(written).not.toBe('0');
      expect(read).toBe(written);
      await eventually(
        () => processesOn(run, data).length === 9,
        30_000,
        () => `every role and every watchdog runs: ${processesOn(run, data)}`,
      );
      await everline(run, ['down', '--data', data], { deadlineMs: 40_000 });
    },
    150_000,
  );

  scenario(
    'while acknowledged posts are given up by force: it says which promise broke, shows what proves it, and ends with 1',
    async () => {
      cluster = await Cluster.start(run, { masters: 2, guarded: false, patient: true });
      const at = ['--router', cluster.router.address];
      const child = startEverline(run, ['verify', '--for', '60s', '--json', ...at]);
      const written = (): number => Number(/.*"written":(\d+)/s.exec(child.stdout)?.[1] ?? 0);
      await eventually(() => written() > 0, 30_000, 'it writes');
      const [behind] = await cluster.standbys();
      const last = await cluster.available();
      behind?.signal('SIGSTOP');
      await eventually(async () => (await cluster?.describe())?.liveCopies === 1, 20_000, 'one copy is left');
      const alone = written();
      await eventually(() => written() > alone, 20_000, 'it writes what only one master has');
      await last.kill();
      behind?.signal('SIGCONT');
      const { masters } = await eventually(
        async () => {
          const now = await cluster?.describe();
          const alive = now?.masters.filter((master) => master.alive) ?? [];
          return alive.length === 1 && alive[0]?.address === behind?.address ? now : undefined;
        },
        20_000,
        'the one that is behind is there alone',
      );
      const { masterId = '' } = masters.find(({ address }) => address === behind?.address) ?? {};
      const forced = await everline(run, ['force-available', masterId, '--accept-data-loss', ...at]);
      expect(forced).toMatchObject({ code: 0 });
      const { code } = await within(child.exited, 60_000, 'verify ends');
      const said = child.stdout + child.stderr;
      expect({ code, said }).toMatchObject({ code: 1 });
      const result = JSON.parse(child.stdout.trimEnd().split('\n').at(-1) ?? '{}') as { lost: number };
      expect(result.lost).toBeGreaterThan(0);
      expect(said).toMatch(/"rule":"(no gap|acknowledged is kept)"/);
      last.start();
      await cluster.untilRedundant();
    },
    90_000,
    () => cluster,
  );
});
