import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { homeOf } from '../src/settings.js';
import { type PairState, readState } from '../src/state-file.js';
import { eventually } from './eventually.js';
import { Stage, type Started } from './stage.js';

jest.setTimeout(120_000);

const tidyPath = fileURLToPath(new URL('./children/tidy.js', import.meta.url));

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

/** A child that ends at once, again and again. */
function restless(...nodeFlags: string[]): Started {
  const flags = ['--restart-first-ms', '0', '--restart-max-ms', '0', '--within-ms', '1'];
  return stage.start('one', flags, ['true'], nodeFlags);
}

/** Read from what the keeper writes down: asking it so often would cost it more than its work. */
function restarts(wanted: number): Promise<PairState> {
  const { state } = homeOf(stage.data, 'one');
  return eventually(
    `${wanted} restarts`,
    () => {
      const now = readState(state, 0);
      return now.history.restarts >= wanted && now;
    },
    100_000,
  );
}

describe('W11', () => {
  it('keeper and guardian stay under 60 MB', async () => {
    const keeper = restless();
    const { guardian } = await restarts(100);
    expectSmall(memoryOf(keeper.pid));
    expectSmall(memoryOf(guardian?.pid ?? 0));
  });

  it('restarts leave neither memory nor descriptors behind', async () => {
    const keeper = restless('--expose-gc', '--import', tidyPath);
    await restarts(50);
    const descriptors = readdirSync(`/proc/${keeper.pid}/fd`).length;
    const early = memoryOf(keeper.pid);
    await restarts(400);
    // 5 kB for each, in which there is what it happened to hold when it was looked at.
    expect(memoryOf(keeper.pid).ownMb - early.ownMb).toBeLessThan(1.75);
    // A child or a question under way has a few open.
    expect(readdirSync(`/proc/${keeper.pid}/fd`).length).toBeLessThan(descriptors + 10);
  });
});
