import { Bare } from '../bare/bare.js';
import { Cluster } from '../cluster/cluster.js';
import { ownBytes } from '../cluster/memory.js';
import { Crowd } from '../load/crowd.js';
import { figure } from '../rounds.js';
import type { Bench, Subject } from '../subject.js';

const author = 'author';
const settleMs = 2_000;
const bytesPerKiB = 1_024;

export const readers: Subject = {
  name: 'readers',
  what: 'Live readers who follow one author and wait: what each of them takes in the memory of the master, beside a stream of the bare transport',
  async measure(bench) {
    const amount = bench.quick ? 500 : 4_000;
    const live: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
      live.push(await ofMaster(bench, amount));
      bare.push(await ofBare(bench, amount));
    }
    return {
      figures: [
        figure('memory/reader', 'a live reader', 'KiB', live),
        figure('memory/bare-stream', 'a stream of the bare transport', 'KiB', bare),
      ],
      settings: { readers: amount, 'readers of a connection': 125 },
    };
  },
};

/** Awaited before it is returned: the cluster ends with this function. */
async function ofMaster(bench: Bench, amount: number): Promise<number> {
  await using cluster = await Cluster.start(bench, { masters: 1 });
  const { plan, process } = await cluster.available();
  return await each(bench, { pid: process?.pid ?? 0, address: plan.address, amount, author });
}

async function ofBare(bench: Bench, amount: number): Promise<number> {
  await using bare = await Bare.start(bench);
  return await each(bench, { pid: bare.pid, address: bare.address, amount, author: undefined });
}

interface Readers {
  readonly pid: number;
  readonly address: string;
  readonly amount: number;
  readonly author: string | undefined;
}

async function each(bench: Bench, { pid, address, amount, author: of }: Readers): Promise<number> {
  // What the first ones make it load and compile is not theirs.
  const early = await Crowd.open(bench, { address, readers: 200, name: 'early', author: of });
  await bench.clock.sleep(settleMs, bench.stop);
  const before = ownBytes(pid);
  const crowd = await Crowd.open(bench, { address, readers: amount, author: of });
  await bench.clock.sleep(settleMs, bench.stop);
  const after = ownBytes(pid);
  for (const open of [crowd, early]) open.close();
  return (after - before) / amount / bytesPerKiB;
}
