import { createServer } from 'node:net';
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

describe('the pair', () => {
  it('stops child, guardian and keeper at SIGTERM, and exits with 0', async () => {
    const keeper = stage.startSpeaker('one');
    const { child, guardian } = await stage.complete('one');
    kill(keeper.pid, 'SIGTERM');
    expect(await keeper.ended).toEqual({ code: 0, signal: null });
    await eventually('all are gone', () => !isAlive(child) && !isAlive(guardian));
    expect(stage.output('one')).toContain('ends on request');
    expect(stage.processes()).toEqual([]);
  });

  it('W2 W3: the guardian takes the place of a killed keeper, the child keeps its pid, and a new guardian stands', async () => {
    const first = stage.startSpeaker('one');
    const before = await stage.complete('one');
    kill(first.pid, 'SIGKILL');
    await first.ended;
    const after = await stage.complete('one', ({ keeper }) => keeper !== first.pid);
    expect(after.keeper).toBe(before.guardian);
    expect(after.child).toBe(before.child);
    expect(after.guardian).not.toBe(before.guardian);
    expect(stage.events('one', 'adopted').map(({ pid }) => pid)).toEqual([before.child]);
    expect(stage.events('one', 'death')).toEqual([]);
  });

  it('a killed guardian is replaced, and nothing else happens', async () => {
    stage.startSpeaker('one');
    const before = await stage.complete('one');
    kill(before.guardian, 'SIGKILL');
    const after = await stage.complete('one', ({ guardian }) => guardian?.pid !== before.guardian);
    expect({ keeper: after.keeper, child: after.child }).toEqual({
      keeper: before.keeper,
      child: before.child,
    });
  });

  it('both watchdogs killed: the child runs on, and the next pair adopts it', async () => {
    const first = stage.startSpeaker('one');
    const before = await stage.complete('one');
    killPair(first.pid, before.guardian);
    await eventually('both are gone', () => !isAlive(first.pid) && !isAlive(before.guardian));
    expect(isAlive(before.child)).toBe(true);
    expect((await stage.status('one')).child).toMatchObject({ state: 'running', pid: before.child });
    const second = stage.startSpeaker('one');
    const after = await stage.complete('one');
    expect({ keeper: after.keeper, child: after.child }).toEqual({ keeper: second.pid, child: before.child });
    expect(after.status.child.adopted).toBe(true);
  });

  it('both watchdogs killed and then the child: the next pair starts exactly one, and says what it found', async () => {
    const first = stage.startSpeaker('one');
    const before = await stage.complete('one');
    killPair(first.pid, before.guardian);
    kill(before.child, 'SIGKILL');
    await eventually('all are gone', () => stage.processes().length === 0);
    stage.startSpeaker('one');
    const after = await stage.complete('one');
    expect(after.child).not.toBe(before.child);
    expect(stage.events('one', 'started')).toHaveLength(2);
    expect(stage.events('one', 'death')).toEqual([
      expect.objectContaining({ pid: before.child, unwatched: true, code: null }),
    ]);
  });

  it('the child killed between the death of both and the next pair, with its port: no restart loop on an address in use', async () => {
    const port = String(await freePort());
    const first = stage.startSpeaker('one', [], ['--listen', port]);
    const before = await stage.complete('one');
    killPair(first.pid, before.guardian);
    const next = stage.startSpeaker('one', [], ['--listen', port]);
    const after = await stage.complete('one');
    expect({ keeper: after.keeper, child: after.child }).toEqual({ keeper: next.pid, child: before.child });
    expect(stage.events('one', 'death')).toEqual([]);
    // Adopted, it is watched as before.
    kill(after.child, 'SIGKILL');
    const reborn = await stage.complete('one', ({ child }) => child.pid !== before.child);
    expect(reborn.status.restarts).toBe(1);
  });

  it('keeper and child killed at the same time: the guardian starts exactly one', async () => {
    const first = stage.startSpeaker('one');
    const before = await stage.complete('one');
    kill(first.pid, 'SIGKILL');
    kill(before.child, 'SIGKILL');
    const after = await stage.complete('one', ({ child }) => child.pid !== before.child);
    expect(after.keeper).toBe(before.guardian);
    expect(stage.events('one', 'started')).toHaveLength(2);
  });

  it('W2: of two pairs started at once for one child one keeps, one guards, and one child runs', async () => {
    const both = [stage.startSpeaker('one'), stage.startSpeaker('one')];
    const { keeper, guardian, child } = await stage.complete(
      'one',
      (status) => status.guardian?.foreground === true,
    );
    expect([keeper, guardian].sort()).toEqual(both.map(({ pid }) => pid).sort());
    expect(stage.events('one', 'started').map(({ pid }) => pid)).toEqual([child]);
    const guards = both.find(({ pid }) => pid === guardian);
    await eventually('the guardian says who keeps', () =>
      guards?.announced().some((line) => line.event === 'guarding' && line.keeper === keeper),
    );
    // A third finds the pair complete, and says so.
    const third = stage.startSpeaker('one');
    expect(await third.ended).toEqual({ code: 75, signal: null });
    expect(third.stderr()).toContain(`one is kept by pid ${keeper} and guarded by pid ${guardian}`);
    // A signal to either ends all.
    kill(guardian, 'SIGTERM');
    expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
    expect(isAlive(child)).toBe(false);
  });

  it('sends a watchdog away that would do something else under the same name', async () => {
    stage.startSpeaker('one');
    const { keeper } = await stage.complete('one');
    const other = stage.startSpeaker('one', ['--missed', '7']);
    expect(await other.ended).toEqual({ code: 75, signal: null });
    expect(other.stderr()).toContain(`one is kept by pid ${keeper} with other settings; stop it first`);
  });

  it('W1: a frozen keeper is noticed, killed, and replaced: never two keepers', async () => {
    const first = stage.startSpeaker('one', hangs);
    const before = await stage.complete('one');
    kill(first.pid, 'SIGSTOP');
    expect(await first.ended).toEqual({ code: null, signal: 'SIGKILL' });
    const after = await stage.complete('one', ({ keeper }) => keeper !== first.pid);
    expect({ keeper: after.keeper, child: after.child }).toEqual({
      keeper: before.guardian,
      child: before.child,
    });
    expect(stage.events('one', 'keeper-hung')).toEqual([
      expect.objectContaining({ watchdog: before.guardian, pid: first.pid, outcome: 'sent' }),
    ]);
  });

  it('a frozen keeper without a guardian gives way to the next pair', async () => {
    const first = stage.startSpeaker('one', hangs);
    const before = await stage.complete('one');
    kill(first.pid, 'SIGSTOP');
    kill(before.guardian, 'SIGKILL');
    const second = stage.startSpeaker('one', hangs);
    const after = await stage.complete('one');
    expect({ keeper: after.keeper, child: after.child }).toEqual({ keeper: second.pid, child: before.child });
    expect(await first.ended).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('a frozen guardian is noticed, killed, and replaced', async () => {
    stage.startSpeaker('one', hangs);
    const before = await stage.complete('one');
    kill(before.guardian, 'SIGSTOP');
    const after = await stage.complete(
      'one',
      ({ guardian }) => guardian !== null && guardian.pid !== before.guardian,
    );
    expect({ keeper: after.keeper, child: after.child }).toEqual({
      keeper: before.keeper,
      child: before.child,
    });
    expect(isAlive(before.guardian)).toBe(false);
    expect(stage.events('one', 'guardian-hung')).toHaveLength(1);
  });

  it('W10: frozen together and woken together, nobody kills anybody who is healthy', async () => {
    const first = stage.startSpeaker('one', hangs);
    const before = await stage.complete('one');
    kill(before.guardian, 'SIGSTOP');
    kill(first.pid, 'SIGSTOP');
    // Twice as long as a hang needs to be called one.
    await frozenFor(4_000);
    kill(first.pid, 'SIGCONT');
    kill(before.guardian, 'SIGCONT');
    await frozenFor(1_000);
    const after = await stage.complete('one');
    expect(after).toMatchObject({ keeper: before.keeper, guardian: before.guardian, child: before.child });
    expect(stage.events('one').filter(({ event }) => /hung|death|lost/.test(event))).toEqual([]);
  });

  it('W10: a keeper that was frozen for a moment kills nobody when it wakes', async () => {
    const first = stage.startSpeaker('one', forgiving);
    const before = await stage.complete('one');
    kill(first.pid, 'SIGSTOP');
    await frozenFor(1_000);
    kill(first.pid, 'SIGCONT');
    await frozenFor(500);
    expect(await stage.complete('one')).toMatchObject({
      keeper: first.pid,
      guardian: before.guardian,
      child: before.child,
    });
    expect(stage.events('one').filter(({ event }) => /hung|death|lost/.test(event))).toEqual([]);
  });

  it('W6: a stop that its keeper did not live to finish is carried on by the guardian', async () => {
    const first = stage.startSpeaker('one', ['--grace-ms', '3000'], ['--deaf']);
    const before = await stage.complete('one');
    kill(first.pid, 'SIGTERM');
    await eventually('the child was asked to end', () =>
      stage.output('one').includes('SIGTERM is not heard'),
    );
    kill(first.pid, 'SIGKILL');
    await eventually('nothing runs any more', () => stage.processes().length === 0);
    expect(isAlive(before.child)).toBe(false);
    expect(stage.events('one', 'started')).toHaveLength(1);
  });

  it('a terminal that closes ends the pair and its child in good order', async () => {
    const keeper = stage.startSpeaker('one');
    await stage.complete('one');
    kill(keeper.pid, 'SIGHUP');
    expect(await keeper.ended).toEqual({ code: 0, signal: null });
    expect(stage.processes()).toEqual([]);
  });

  it('a reader of its output that goes away, or sleeps, is nothing to the watchdog', async () => {
    const keeper = stage.startSpeaker('one');
    const { child } = await stage.complete('one');
    keeper.process.stdout?.destroy();
    keeper.process.stderr?.destroy();
    kill(child, 'SIGKILL');
    const after = await stage.complete('one', (status) => status.child.pid !== child);
    expect(after.keeper).toBe(keeper.pid);
  });

  it('any order of fifteen kills leaves one keeper, one guardian, one child', async () => {
    stage.startSpeaker('one', ['--max-deaths', '1000', '--settled-ms', '0']);
    const next = lottery(20_261_124);
    for (let round = 0; round < 15; round++) {
      const { keeper, guardian, child } = await stage.complete('one');
      // Two watchdogs killed at once leave nobody to start another: that is the test above.
      const watchdog = next() < 0.5 ? keeper : guardian;
      const victims =
        [[watchdog], [child], [watchdog, child], [child, watchdog]][Math.floor(next() * 4)] ?? [];
      for (const victim of victims) kill(victim, 'SIGKILL');
      await eventually('they died', () => !victims.some(isAlive));
    }
    const { child } = await stage.complete('one');
    const running = stage.processes().map(({ pid }) => pid);
    expect(running).toHaveLength(3);
    expect(running).toContain(child);
  }, 120_000);
});

function killPair(keeper: number, guardian: number): void {
  // The guardian must not take the keeper's place between the two kills.
  kill(guardian, 'SIGSTOP');
  kill(keeper, 'SIGKILL');
  kill(guardian, 'SIGKILL');
}

/** The fault itself takes this long; nothing is waited for. */
function frozenFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** The same numbers in [0, 1) every time (Park and Miller). */
function lottery(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
