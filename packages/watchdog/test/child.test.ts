import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from './eventually.js';
import { forgiving, hangs, isAlive, kill, Stage } from './stage.js';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(async () => {
  await stage[Symbol.asyncDispose]();
}, 60_000);
jest.setTimeout(60_000);

describe('restarts', () => {
  it('W5 W9: a child that was ready for a while is started again at once, and its death is one line', async () => {
    stage.startSpeaker('one', ['--settled-ms', '50']);
    const { child } = await stage.complete('one', (status) => (status.child.readyMs ?? 0) > 50);
    kill(child, 'SIGKILL');
    const death = await stage.event('one', 'death');
    await stage.event('one', 'started', 2);
    expect(death).toMatchObject({
      name: 'one',
      instance: expect.any(String),
      pid: child,
      code: null,
      signal: 'SIGKILL',
      reason: 'signal',
      uptimeMs: expect.any(Number),
      restart: 1,
      nextDelayMs: 0,
      lastLines: [`runs as ${child}`],
    });
  });

  it('W5: one that dies again and again is held, said so loudly, and tried again all the same', async () => {
    const flags = [
      '--restart-first-ms',
      '1',
      '--restart-max-ms',
      '1',
      '--max-deaths',
      '3',
      '--held-ms',
      '300',
    ];
    const keeper = stage.start('one', flags, ['sh', '-c', 'echo no luck >&2; exit 3']);
    await stage.event('one', 'death', 7);
    const deaths = stage.events('one', 'death').slice(0, 7);
    expect(deaths.map((death) => death.nextDelayMs === 300 || Number(death.nextDelayMs) > 200)).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(deaths[0]).toMatchObject({ code: 3, signal: null, reason: 'exit', lastLines: ['no luck'] });
    expect(keeper.stderr()).toContain('"event":"held"');
    expect((await stage.status('one')).held).toBe(true);
  });

  for (const [code, why] of [
    [78, 'its configuration is wrong'],
    [77, 'it lacks a permission'],
  ] as const)
    it(`W5: exit code ${code} is final, is said, and is the watchdog's own`, async () => {
      const keeper = stage.startSpeaker('one', [], ['--exit', String(code)]);
      expect(await keeper.ended).toEqual({ code, signal: null });
      expect(keeper.stderr()).toContain(`one: stopped, a restart cannot help: ${why}`);
      expect(stage.events('one', 'started')).toHaveLength(1);
      await eventually('nothing runs', () => stage.processes().length === 0);
      expect((await stage.status('one')).child).toEqual({ state: 'down', why: expect.stringContaining(why) });
    });

  it('W5: a program that does not exist, or may not be executed, is final', async () => {
    const missing = stage.start('one', [], ['/nowhere/at/all']);
    expect(await missing.ended).toEqual({ code: 78, signal: null });
    expect(missing.stderr()).toContain('the program does not exist');
    const plain = join(stage.dir, 'plain');
    writeFileSync(plain, 'no program', { mode: 0o600 });
    const forbidden = stage.start('two', [], [plain]);
    expect(await forbidden.ended).toEqual({ code: 77, signal: null });
    expect(stage.events('one', 'death')).toEqual([expect.objectContaining({ reason: 'spawn failed' })]);
  });

  it('W8: a child is ready when it says so, and not before', async () => {
    const keeper = stage.startSpeaker('one', [], ['--never-ready']);
    await stage.event('one', 'started');
    await eventually('it is linked', async () => (await stage.status('one')).child.state === 'starting');
    expect(keeper.announced().map(({ event }) => event)).toEqual(['keeping']);
  });

  it('announces every readiness on stdout with what the child said of itself', async () => {
    const keeper = stage.startSpeaker('one', [], ['--master', 'm-1']);
    const { child } = await stage.complete('one');
    expect(keeper.announced().find(({ event }) => event === 'ready')).toMatchObject({
      name: 'one',
      pid: child,
      adopted: false,
      facts: { masterId: 'm-1', incarnation: expect.any(String), listens: true },
    });
  });
});

describe('hangs', () => {
  for (const [how, signal, state] of [
    ['frozen', 'SIGSTOP', 'T'],
    ['busy for ever', 'SIGUSR2', 'R'],
  ] as const)
    it(`W4 W9: a child that is ${how} is killed after its missed pings, with the evidence`, async () => {
      stage.startSpeaker('one', hangs, ['--block']);
      const { child } = await stage.complete('one');
      kill(child, signal);
      const hung = await stage.event('one', 'hung');
      const death = await stage.event('one', 'death');
      expect(hung).toMatchObject({ pid: child, what: 'no answer', processState: state });
      expect(Number(hung.lastAnswerAgoMs)).toBeGreaterThan(200);
      if (state === 'R') expect(Number(hung.cpuSinceAnswerMs)).toBeGreaterThan(50);
      expect(death).toMatchObject({
        pid: child,
        reason: 'hang',
        signal: 'SIGKILL',
        evidence: { processState: state },
      });
      await stage.complete('one', (status) => status.child.pid !== child);
    });

  it('W4: a freeze shorter than the missed pings is forgiven', async () => {
    stage.startSpeaker('one', forgiving);
    const { child } = await stage.complete('one');
    kill(child, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 500));
    kill(child, 'SIGCONT');
    expect((await stage.complete('one')).child).toBe(child);
    expect(stage.events('one', 'hung')).toEqual([]);
  });

  it('W4: what a child needs to start is not counted as missed pings when it opens its control socket at last', async () => {
    // Pings are far apart, so that a busy machine does not make the watchdog late for them itself.
    const flags = ['--ping-ms', '500', '--missed', '4'];
    stage.startSpeaker('one', flags, ['--open-after', '3000', '--busy', '1500']);
    await stage.complete('one');
    expect(stage.events('one', 'hung')).toEqual([]);
  });

  it('W4: a child that never opens its control socket is called hung after its time to start', async () => {
    stage.startSpeaker('one', ['--start-ms', '500'], ['--mute']);
    expect(await stage.event('one', 'hung')).toMatchObject({ what: 'control socket never opened' });
    expect(await stage.event('one', 'death')).toMatchObject({ reason: 'hang' });
  });

  it('W1 W4: a child found frozen is watched like any other, killed, and replaced', async () => {
    const first = stage.startSpeaker('one', hangs);
    const before = await stage.complete('one');
    kill(before.guardian, 'SIGSTOP');
    kill(first.pid, 'SIGKILL');
    kill(before.guardian, 'SIGKILL');
    kill(before.child, 'SIGSTOP');
    stage.startSpeaker('one', hangs);
    const after = await stage.complete('one');
    expect(after.child).not.toBe(before.child);
    expect(stage.events('one', 'hung')).toEqual([
      expect.objectContaining({ pid: before.child, processState: 'T' }),
    ]);
  });
});

describe('stopping', () => {
  it('W6: a child that does not hear SIGTERM is killed after its grace, and that is said', async () => {
    const keeper = stage.startSpeaker('one', ['--grace-ms', '300'], ['--deaf']);
    const { child } = await stage.complete('one');
    kill(keeper.pid, 'SIGTERM');
    expect(await keeper.ended).toEqual({ code: 0, signal: null });
    expect(stage.events('one', 'death')).toEqual([
      expect.objectContaining({ pid: child, signal: 'SIGKILL', reason: 'requested', graceOver: true }),
    ]);
  });

  it('W6: a second signal means now', async () => {
    const keeper = stage.startSpeaker('one', ['--grace-ms', '600000'], ['--deaf']);
    const { child } = await stage.complete('one');
    kill(keeper.pid, 'SIGINT');
    await eventually('the child was asked', () => stage.output('one').includes('SIGTERM is not heard'));
    kill(keeper.pid, 'SIGTERM');
    expect(await keeper.ended).toEqual({ code: 0, signal: null });
    expect(isAlive(child)).toBe(false);
  });

  it('W6: a child that was frozen still ends in good order', async () => {
    const keeper = stage.startSpeaker('one');
    const { child } = await stage.complete('one');
    kill(child, 'SIGSTOP');
    kill(keeper.pid, 'SIGTERM');
    expect(await keeper.ended).toEqual({ code: 0, signal: null });
    expect(stage.output('one')).toContain('ends on request');
  });

  it('W6: what a dead child leaves in its process group is killed, and said', async () => {
    const keeper = stage.start(
      'one',
      [],
      ['sh', '-c', `sleep 1000 & echo $! > ${stage.dir}/orphan; exec sleep 0.3`],
    );
    const death = await stage.event('one', 'death');
    const orphans = death.orphansKilled as number[];
    expect(orphans).toHaveLength(1);
    await eventually('the orphan is gone', () => !orphans.some(isAlive));
    kill(keeper.pid, 'SIGTERM');
    expect(await keeper.ended).toEqual({ code: 0, signal: null });
    // The process group of the last child went with it.
    const last = stage.events('one', 'started').at(-1)?.pid;
    expect(isAlive(Number(last))).toBe(false);
  });

  it('W6: Ctrl-C in the terminal reaches the watchdog alone: the child is in a session of its own', async () => {
    stage.startSpeaker('one');
    const { child, keeper, guardian } = await stage.complete('one');
    const { lookAt } = await import('@everline/chassis/control');
    expect(lookAt(child)?.processGroup).toBe(child);
    expect(lookAt(guardian)?.processGroup).toBe(guardian);
    expect(lookAt(keeper)?.processGroup).not.toBe(child);
  });

  it('stops while it waits to try again', async () => {
    const keeper = stage.start(
      'one',
      ['--restart-first-ms', '60000', '--restart-max-ms', '60000'],
      ['false'],
    );
    await stage.event('one', 'death');
    kill(keeper.pid, 'SIGTERM');
    expect(await keeper.ended).toEqual({ code: 0, signal: null });
  });
});

describe('a plain program', () => {
  it('W1: is adopted by its identity, and its end is noticed', async () => {
    const first = stage.start('one', [], ['sleep', '1000']);
    const before = await stage.complete('one');
    kill(first.pid, 'SIGKILL');
    const after = await stage.complete('one', ({ keeper }) => keeper !== first.pid);
    expect(after.child).toBe(before.child);
    kill(before.child, 'SIGKILL');
    await stage.complete('one', ({ child }) => child.pid !== before.child);
    expect(stage.events('one', 'death')).toEqual([
      expect.objectContaining({ adopted: true, pid: before.child }),
    ]);
  });

  it('W1: that became a zombie is dead, whatever kill(pid, 0) says', async () => {
    // The shell starts the watchdog's child for it, and becomes a program that never reaps.
    const first = stage.start('one', [], ['sleep', '1000']);
    const before = await stage.complete('one');
    kill(first.pid, 'SIGSTOP');
    kill(before.guardian, 'SIGKILL');
    // Its parent is frozen and cannot reap it.
    kill(before.child, 'SIGKILL');
    await eventually('it is a zombie', () => !isAlive(before.child));
    expect(() => process.kill(before.child, 0)).not.toThrow();
    expect((await stage.status('one')).child.state).toBe('down');
    kill(first.pid, 'SIGCONT');
    await stage.complete('one', ({ child }) => child.pid !== before.child);
  });
});

describe('the lock', () => {
  it('W2: a child that somebody else started is adopted, and its group is not touched', async () => {
    const { spawn } = await import('node:child_process');
    const [program = '', ...args] = stage.speaker();
    // In the process group of this very test.
    const lone = spawn(program, args, { stdio: 'ignore' });
    await eventually('it holds its lock', async () => {
      const { readCard } = await import('@everline/chassis/control');
      return readCard(stage.childData)?.identity.pid === lone.pid;
    });
    const keeper = stage.startSpeaker('one');
    const { child } = await stage.complete('one');
    expect(child).toBe(lone.pid);
    const ended = new Promise((resolve) => lone.once('exit', (code) => resolve(code)));
    kill(keeper.pid, 'SIGTERM');
    expect(await keeper.ended).toEqual({ code: 0, signal: null });
    expect(await ended).toBe(0);
  });
});
