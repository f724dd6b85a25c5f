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
}, 60_000);

interface Memory {
  readonly residentMb: number;
  /** Without the pages of the program itself, which all processes of a machine share. */
  readonly ownMb: number;
}

function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const read = (field: string): number => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1_000;
  return { residentMb: read('VmRSS'), ownMb: read('RssAnon') };
}

/** Node 22 and 24 map 5 to 10 MB more of their own code, and keep more for themselves: there the watchdog's own part is what can be promised. */
function expectSmall({ residentMb, ownMb }: Memory): void {
  if (process.versions.node.startsWith('20.')) expect(residentMb).toBeLessThan(60);
  expect(ownMb).toBeLessThan(30);
}

describe('W11', () => {
  it('keeper and guardian stay under 60 MB, and 1,000 restarts leave neither memory nor descriptors behind', async () => {
    const keeper = stage.start(
      'one',
      ['--restart-first-ms', '0', '--restart-max-ms', '0', '--within-ms', '1'],
      ['true'],
    );
    const restarts = (wanted: number): Promise<unknown> =>
      eventually(`${wanted} restarts`, async () => (await stage.status('one')).restarts >= wanted, 100_000);
    await restarts(100);
    const descriptors = readdirSync(`/proc/${keeper.pid}/fd`).length;
    const early = memoryOf(keeper.pid);
    await restarts(1_100);
    const { guardian } = await stage.status('one');
    const late = memoryOf(keeper.pid);
    expectSmall(late);
    expect(late.ownMb - early.ownMb).toBeLessThan(5);
    expectSmall(memoryOf(guardian?.pid ?? 0));
    // A child or a question under way has a few open.
    expect(readdirSync(`/proc/${keeper.pid}/fd`).length).toBeLessThan(descriptors + 10);
  });
});
