/** The process of small-process.test.ts: keeps what it makes for a while, and says how often everything was collected. */
import { writeSync } from 'node:fs';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { processArguments } from '../src/index.js';
import { giveRoom } from '../src/small-process.js';

interface Collection {
  readonly detail: { readonly kind: number };
}

const madeAtOnce = 1_000;
const keptAtOnce = 100;
const rounds = 8_000;
let collections = 0;
const observer = new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const { kind } = (entry as unknown as Collection).detail;
    if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) collections++;
  }
});
observer.observe({ entryTypes: ['gc'] });
const words = processArguments();
for (const word of words) giveRoom(word === 'room');
const kept: object[][] = [];
for (let round = 0; round < rounds; round++) {
  kept.push(Array.from({ length: madeAtOnce }, (_, one) => ({ round, one })));
  if (kept.length > keptAtOnce) kept.shift();
  await new Promise(setImmediate);
}
writeSync(1, String(collections));
