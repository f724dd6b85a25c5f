import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it, jest } from '@jest/globals';
import { identify, openDeathSign } from '../../src/control/index.js';
import { eventually } from './stage.js';

jest.setTimeout(20_000);

/** A child whose parent never asks for its end: what the kernel knows of it stays to be read. */
async function unreaped(): Promise<{ readonly pid: number; readonly parent: ReturnType<typeof spawn> }> {
  const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  // A shell asks for the ends of its children between two commands.
  await eventually(
    'it is no shell any more',
    () => readFileSync(`/proc/${parent.pid}/comm`, 'latin1') === 'sleep\n',
  );
  return { pid: Number(String(line)), parent };
}

describe('the sign of a death', () => {
  it('is there before anybody is told of the end, with how it came', async () => {
    const { pid, parent } = await unreaped();
    const identity = identify(pid, 'i');
    if (identity === undefined) throw new Error(`${pid} is not there`);
    using sign = openDeathSign(identity);
    expect(sign?.status()).toBeUndefined();
    process.kill(pid, 'SIGKILL');
    await eventually('the sign is there', () => sign?.status() === 9);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    // Whoever inherits the zombie reaps it.
    await eventually('it is reaped', () => identify(pid, 'i') === undefined);
    expect(sign?.status()).toBeUndefined();
  });

  it('is not that of another process with the same pid', () => {
    const own = identify(process.pid, 'i');
    if (own === undefined) throw new Error('this process is not there');
    using sign = openDeathSign(own);
    expect(sign).toBeDefined();
    expect(openDeathSign({ ...own, startTime: '1' })).toBeUndefined();
  });
});
