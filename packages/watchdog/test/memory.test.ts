import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from './eventually.js';
import { Stage } from './stage.js';

jest.setTimeout(120_000);

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(async () => {
  await stage[Symbol.asyncDispose]();
}, 30_000);

function residentMb(pid: number): number {
  const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return Number(kb) / 1_000;
}

/** What Node itself takes: 43 MB in version 20, more in later ones, nearly all of it shared between processes. */
async function bareNodeMb(): Promise<number> {
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log()'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => bare.stdout.once('data', resolve));
  const mb = residentMb(bare.pid ?? 0);
  bare.kill('SIGKILL');
  return mb;
}

describe('W11', () => {
  it('keeper and guardian stay under 60 MB, and 1,000 restarts leave neither memory nor descriptors behind', async () => {
    const limitMb = Math.max(60, (await bareNodeMb()) + 17);
    const keeper = stage.start(
      'one',
      ['--restart-first-ms', '0', '--restart-max-ms', '0', '--within-ms', '1'],
      ['true'],
    );
    const restarts = (wanted: number): Promise<unknown> =>
      eventually(`${wanted} restarts`, async () => (await stage.status('one')).restarts >= wanted, 100_000);
    await restarts(100);
    const descriptors = readdirSync(`/proc/${keeper.pid}/fd`).length;
    const early = residentMb(keeper.pid);
    await restarts(1_100);
    const { guardian } = await stage.status('one');
    const late = residentMb(keeper.pid);
    expect(late).toBeLessThan(limitMb);
    expect(late - early).toBeLessThan(5);
    expect(residentMb(guardian?.pid ?? 0)).toBeLessThan(limitMb);
    // A child or a question under way has a few open.
    expect(readdirSync(`/proc/${keeper.pid}/fd`).length).toBeLessThan(descriptors + 10);
  });
});
