import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from './eventually.js';
import { follow, isAlive, kill, Stage, type Started } from './stage.js';

jest.setTimeout(60_000);

const script = fileURLToPath(new URL('../../../../scripts/keep-running.sh', import.meta.url));

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(async () => {
  await stage[Symbol.asyncDispose]();
}, 60_000);

/** The seed's Bash loop around the pair. */
function loop(command: readonly string[], flags: readonly string[] = []): Started {
  const args = [
    '--name',
    'one',
    '--data',
    stage.data,
    '--child-data',
    stage.childData,
    '--missed',
    '60',
    ...flags,
    '--',
    ...command,
  ];
  const env = { ...process.env, EVERLINE_AGAIN_SECONDS: '0.1' };
  return follow(spawn('bash', [script, ...args], { env, cwd: stage.dir, stdio: ['ignore', 'pipe', 'pipe'] }));
}

describe('scripts/keep-running.sh', () => {
  it('runs the pair again when the pair was killed; the child is adopted and keeps its pid', async () => {
    const bash = loop(stage.speaker());
    const before = await stage.complete('one');
    kill(before.guardian, 'SIGSTOP');
    kill(before.keeper, 'SIGKILL');
    kill(before.guardian, 'SIGKILL');
    const after = await stage.complete('one', ({ keeper }) => keeper !== before.keeper);
    expect(after.child).toBe(before.child);
    kill(bash.pid, 'SIGTERM');
    expect(await bash.ended).toEqual({ code: 0, signal: null });
    expect(stage.processes()).toEqual([]);
  });

  it('runs the pair again when one of it was killed: the new one stands guard in the foreground', async () => {
    const bash = loop(stage.speaker());
    const before = await stage.complete('one');
    kill(before.keeper, 'SIGKILL');
    const after = await stage.complete('one', ({ guardian }) => guardian?.foreground === true);
    expect({ keeper: after.keeper, child: after.child }).toEqual({
      keeper: before.guardian,
      child: before.child,
    });
    kill(bash.pid, 'SIGINT');
    expect(await bash.ended).toEqual({ code: 0, signal: null });
    await eventually('nothing is left', () => stage.processes().length === 0);
  });

  it('ends with the pair, and does not try again what cannot be helped', async () => {
    const wrong = loop(stage.speaker('--exit', '78'));
    expect(await wrong.ended).toEqual({ code: 78, signal: null });
    const stopped = loop(stage.speaker());
    await stage.complete('one');
    await stage.verb('stop', 'one');
    expect(await stopped.ended).toEqual({ code: 0, signal: null });
  });

  it('W6: a second signal means now', async () => {
    const bash = loop(stage.speaker('--deaf'), ['--grace-ms', '600000']);
    const { child } = await stage.complete('one');
    kill(bash.pid, 'SIGTERM');
    await eventually('the child was asked', () => stage.output('one').includes('SIGTERM is not heard'));
    kill(bash.pid, 'SIGTERM');
    expect(await bash.ended).toEqual({ code: 0, signal: null });
    expect(isAlive(child)).toBe(false);
  });
});
