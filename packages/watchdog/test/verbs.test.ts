import { type Clock, systemClock } from '@everline/chassis/clock';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { restart } from '../src/verbs/restart.js';
import { stop } from '../src/verbs/stop.js';
import { eventually } from './eventually.js';
import { isAlive, kill, Stage } from './stage.js';

jest.setTimeout(60_000);

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(async () => {
  await stage[Symbol.asyncDispose]();
}, 60_000);

/** When a verb waits for the first time it has looked, and found nobody. */
function whenItWaits(act: () => void): Clock {
  let waited = false;
  return {
    ...systemClock,
    sleep: (ms, signal) => {
      if (!waited) act();
      waited = true;
      return systemClock.sleep(ms, signal);
    },
  };
}

/** Two in the foreground; the keeper dies, and its guardian cannot take its place before it is woken. */
async function keeperJustDied(): Promise<{ readonly guardian: number; readonly child: number }> {
  stage.startSpeaker('one');
  stage.startSpeaker('one');
  const { keeper, guardian, child } = await stage.complete(
    'one',
    (status) => status.guardian?.foreground === true,
  );
  await eventually('nobody else is on the way', () => stage.processes().length === 3);
  kill(guardian, 'SIGSTOP');
  kill(keeper, 'SIGKILL');
  await eventually('the keeper is gone', () => !isAlive(keeper));
  return { guardian, child };
}

describe('status', () => {
  it('shows child, keeper and guardian, as a sentence and as JSON', async () => {
    stage.startSpeaker('one');
    const { keeper, guardian, child } = await stage.complete('one');
    const plain = await stage.verb('status');
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(plain.stdout).toMatch(
      new RegExp(
        `^one: ready, pid ${child}, for \\d+ s, 0 restarts, keeper ${keeper}, guardian ${guardian}\n$`,
      ),
    );
    const { stdout } = await stage.verb('status', 'one', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'one',
      keeper,
      guardian: { pid: guardian, foreground: false },
      child: { state: 'ready', pid: child, adopted: false, facts: { listens: true } },
      restarts: 0,
      held: false,
      lastDeath: null,
    });
  });

  it('fails for a name that is not ready, and for one that never was', async () => {
    stage.start('one', ['--restart-first-ms', '60000', '--restart-max-ms', '60000'], ['false']);
    await stage.event('one', 'death');
    await eventually('it waits', async () => (await stage.status('one')).child.state === 'waiting');
    const waiting = await stage.verb('status', 'one');
    expect(waiting).toMatchObject({ code: 1, stderr: 'everline-watchdog: not ready: one\n' });
    expect(waiting.stdout).toMatch(/^one: waiting, next try in \d+ s, 1 restart, /);
    expect(await stage.verb('status', 'two')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('two was never watched in'),
    });
    expect(await stage.verb('status', '../one')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is no name of a watchdog'),
    });
  });
});

describe('restart', () => {
  it('W9: ends the child in good order, starts it at once, and is no failure', async () => {
    stage.startSpeaker('one');
    const { child } = await stage.complete('one');
    const { code, stdout } = await stage.verb('restart', 'one');
    const after = await stage.complete('one');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `one: ready, pid ${after.child}\n` });
    expect(after.child).not.toBe(child);
    expect(stage.events('one', 'death')).toEqual([
      expect.objectContaining({ pid: child, code: 0, reason: 'requested', nextDelayMs: 0 }),
    ]);
  });

  it('W5: cuts the wait of one that is held short', async () => {
    const flags = ['--max-deaths', '1', '--held-ms', '600000', '--restart-first-ms', '0'];
    stage.start('one', flags, ['sh', '-c', `if [ -e ${stage.dir}/cured ]; then exec sleep 1000; fi; exit 1`]);
    await stage.event('one', 'held');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${stage.dir}/cured`, '');
    expect((await stage.verb('restart', 'one')).code).toBe(0);
    expect((await stage.status('one')).held).toBe(false);
  });

  it('waits for the guardian of a keeper that died a moment ago, which then restarts the child', async () => {
    const { guardian, child } = await keeperJustDied();
    const clock = whenItWaits(() => kill(guardian, 'SIGCONT'));
    expect(await stage.carryOut(restart, ['one'], clock)).toMatch(/^one: ready, pid \d+\n$/);
    const after = await stage.complete('one');
    expect(after.keeper).toBe(guardian);
    expect(after.child).not.toBe(child);
    expect(stage.events('one', 'death')).toEqual([
      expect.objectContaining({ pid: child, reason: 'requested', adopted: true }),
    ]);
  });

  it('asks the guardian when the keeper dies before it has done it', async () => {
    stage.startSpeaker('one', [], ['--deaf']);
    const { keeper, guardian, child } = await stage.complete('one');
    const asked = stage.carryOut(restart, ['one']);
    await eventually('the child was asked to end', () =>
      stage.output('one').includes('SIGTERM is not heard'),
    );
    kill(keeper, 'SIGKILL');
    // By the guardian, too; nobody but it is there to end it.
    await eventually('the child is asked again', () => stage.output('one').split('is not heard').length > 2);
    kill(child, 'SIGKILL');
    expect(await asked).toMatch(/^one: ready, pid \d+\n$/);
    expect((await stage.complete('one')).keeper).toBe(guardian);
    expect(stage.events('one', 'started')).toHaveLength(2);
  });

  it('says that nobody keeps it', async () => {
    const keeper = stage.startSpeaker('one');
    await stage.complete('one');
    kill(keeper.pid, 'SIGTERM');
    await keeper.ended;
    expect(await stage.verb('restart', 'one')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no watchdog keeps one'),
    });
  });
});

describe('stop', () => {
  it('ends child and pair, whoever started them, and says so; a second time there is nothing to stop', async () => {
    const keeper = stage.startSpeaker('one');
    await stage.complete('one');
    expect(await stage.verb('stop', 'one')).toEqual({ code: 0, stdout: 'one: stopped\n', stderr: '' });
    expect(stage.processes()).toEqual([]);
    expect(await keeper.ended).toEqual({ code: 0, signal: null });
    expect(await stage.verb('stop', '--all', '--json')).toMatchObject({
      stdout: '{"name":"one","stopped":false}\n',
    });
  });

  it('ends one that nobody in the foreground waits for any more', async () => {
    const first = stage.startSpeaker('one');
    await stage.complete('one');
    kill(first.pid, 'SIGKILL');
    await stage.complete('one', ({ keeper }) => keeper !== first.pid);
    expect((await stage.verb('stop', 'one')).code).toBe(0);
    expect(stage.processes()).toEqual([]);
  });

  it('ends a child whose watchdogs were both killed', async () => {
    const first = stage.startSpeaker('one');
    const { guardian, child } = await stage.complete('one');
    kill(guardian, 'SIGSTOP');
    kill(first.pid, 'SIGKILL');
    kill(guardian, 'SIGKILL');
    expect(await stage.verb('stop', 'one')).toEqual({ code: 0, stdout: 'one: stopped\n', stderr: '' });
    expect(isAlive(child)).toBe(false);
    expect(stage.output('one')).toContain('ends on request');
  });

  it('ends a pair whose keeper is frozen', async () => {
    const first = stage.startSpeaker('one');
    const { guardian } = await stage.complete('one');
    kill(guardian, 'SIGKILL');
    kill(first.pid, 'SIGSTOP');
    expect((await stage.verb('stop', 'one')).code).toBe(0);
    expect(stage.processes()).toEqual([]);
  });

  it('waits for the guardian of a keeper that died a moment ago, which then ends in good order', async () => {
    const { guardian } = await keeperJustDied();
    const clock = whenItWaits(() => kill(guardian, 'SIGCONT'));
    expect(await stage.carryOut(stop, ['one'], clock)).toBe('one: stopped\n');
    expect(stage.processes()).toEqual([]);
    expect(stage.output('one')).toContain('ends on request');
    expect(stage.events('one', 'death')).toEqual([
      expect.objectContaining({ watchdog: guardian, reason: 'requested' }),
    ]);
  });

  it('ends a guardian that is frozen when its keeper has died: it would begin anew when it is woken', async () => {
    const first = stage.startSpeaker('one');
    const { guardian } = await stage.complete('one');
    kill(guardian, 'SIGSTOP');
    kill(first.pid, 'SIGKILL');
    expect((await stage.verb('stop', 'one')).code).toBe(0);
    expect(stage.processes()).toEqual([]);
  });

  it('wants to know whom', async () => {
    expect(await stage.verb('stop')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('stop NAME…, or --all'),
    });
  });
});

describe('logs', () => {
  it('shows the last lines of the output, or of what the pair did', async () => {
    stage.start('one', [], ['sh', '-c', 'for i in $(seq 1 500); do echo line $i; done; exec sleep 1000']);
    await eventually('all is written', () => stage.output('one').includes('line 500\n'));
    expect((await stage.verb('logs', 'one', '-n', '2')).stdout).toBe('line 499\nline 500\n');
    expect((await stage.verb('logs', 'one')).stdout.split('\n')).toHaveLength(101);
    expect((await stage.verb('logs', 'one', '-n', '100000')).stdout).toBe(stage.output('one'));
    const own = (await stage.verb('logs', 'one', '--watchdog')).stdout.trim().split('\n');
    expect(JSON.parse(own[0] ?? '')).toMatchObject({ event: 'keeping', name: 'one' });
  });

  it('follows over rotations, and loses nothing', async () => {
    const keeper = stage.startSpeaker('one', ['--log-size', '50KB', '--log-files', '100'], ['--chat']);
    await stage.complete('one');
    const follower = stage.follow('logs', 'one', '-f', '-n', '100000');
    await stage.event('one', 'output-rotated', 3, 30_000);
    kill(keeper.pid, 'SIGTERM');
    await keeper.ended;
    await eventually('it has read to the end', () => follower.stdout().endsWith('ends on request\n'));
    kill(follower.pid, 'SIGINT');
    await follower.ended;
    const numbers = [...follower.stdout().matchAll(/^line (\d+) x* end$/gm)].map(([, number]) =>
      Number(number),
    );
    const [first = 0] = numbers;
    expect(numbers).toEqual(numbers.map((_, index) => first + index));
    expect(numbers.length).toBeGreaterThan(1_000);
  });
});

describe('unit', () => {
  it('prints a systemd unit that runs the pair and leaves child and guardian alone when one is killed', async () => {
    const { stdout, code } = await stage.unit(
      '--name',
      'one',
      '--grace-ms',
      '5000',
      '--',
      'sh',
      '-c',
      'echo $HOME 100% "quoted"',
    );
    expect(code).toBe(0);
    expect(stdout).toContain('KillMode=process\n');
    expect(stdout).toContain('Restart=on-failure\n');
    expect(stdout).toContain('RestartPreventExitStatus=75 77 78\n');
    expect(stdout).toContain('TimeoutStopSec=15\n');
    expect(stdout).toContain(String.raw`-- sh -c "echo $$HOME 100%% \"quoted\""`);
  });
});

describe('the command line', () => {
  it('W5: what cannot be understood is a wrong configuration, which no loop tries again', async () => {
    const bad = stage.start('No Name', [], ['true']);
    expect(await bad.ended).toEqual({ code: 78, signal: null });
    expect(bad.stderr()).toContain('--name: "No Name" is not 1–32 of a-z 0-9 . _ -');
  });

  it('explains itself', async () => {
    const { stdout, code } = await stage.unit('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('everline-watchdog [flags] -- COMMAND ARGS…');
    expect(stdout).toContain('--held-ms N');
  });
});
