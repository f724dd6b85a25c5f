import { resolve } from 'node:path';
import { processArguments } from '@everline/chassis/config';
import { runProcess } from '@everline/chassis/lifecycle';
import { readOptions } from './options.js';
import { run } from './run.js';
import { subjects } from './subjects/index.js';
import { peersIn } from './subjects/peers.js';
import { print } from './terminal.js';

/** Clusters end in good order: each role within its grace. */
const graceMs = 60_000;

await runProcess(
  'bench',
  async (stop) => {
    const options = readOptions(processArguments());
    const { only, list, peers } = options;
    const all = peers === undefined ? subjects : [...subjects, peersIn(resolve(peers))];
    const chosen = all.filter(
      ({ name }) => only.length === 0 || only.some((begin) => name.startsWith(begin)),
    );
    if (list || chosen.length === 0) {
      print(all.map(({ name, what }) => `${name.padEnd(24)} ${what}`).join('\n'));
      return { finished: Promise.resolve(), [Symbol.asyncDispose]: async () => {} };
    }
    const finished = run(chosen, options, stop);
    return {
      finished,
      // What it started must end before it does.
      [Symbol.asyncDispose]: () => finished.catch(() => {}),
    };
  },
  { graceMs },
);
