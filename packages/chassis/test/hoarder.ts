/** The process of small-process.test.ts: keeps what it makes for a while, so that V8 has to collect everything now and then. */
import { processArguments } from '../src/index.js';
import { giveRoom } from '../src/small-process.js';

const madeAtOnce = 1_000;
const keptAtOnce = 100;
const rounds = 8_000;
for (const word of processArguments()) giveRoom(word === 'room');
const kept: object[][] = [];
for (let round = 0; round < rounds; round++) {
  kept.push(Array.from({ length: madeAtOnce }, (_, one) => ({ round, one })));
  if (kept.length > keptAtOnce) kept.shift();
}
