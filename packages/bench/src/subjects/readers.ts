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
  what: 'Live readers who follow one author and wait: what each of them takes in the memory of the master',
  async measure(bench) {
    const amount = bench.quick ? 500 : 4_000;
    const kib: number[] = [];
    for (let round = 0; round < (bench.quick ? 1 : 3); round++) kib.push(await each(bench, amount));
    return {
      figures: [figure('memory/reader', 'a live reader', 'KiB', kib)],
      settings: { readers: amount, 'readers of a connection': 125 },
    };
  },
};

async function each(bench: Bench, amount: number): Promise<number> {
  await using cluster = await Cluster.start(bench, { masters: 1 });
  const { plan, process } = await cluster.available();
  // What the first ones make it load and compile is not theirs.
  const early = await Crowd.open(bench, { address: plan.address, readers: 200, name: 'early', author });
  await bench.clock.sleep(settleMs, bench.stop);
  const before = ownBytes(process?.pid ?? 0);
  const crowd = await Crowd.open(bench, { address: plan.address, readers: amount, author });
  await bench.clock.sleep(settleMs, bench.stop);
  const after = ownBytes(process?.pid ?? 0);
  for (const open of [crowd, early]) open.close();
  return (after - before) / amount / bytesPerKiB;
}
