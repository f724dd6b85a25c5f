import { processArguments } from '@everline/chassis/config';
import { runProcess } from '@everline/chassis/lifecycle';
import { readOptions } from './options.js';
import { run } from './run.js';
import { subjects } from './subjects/index.js';
import { print } from './terminal.js';

/** Clusters end in good order: each role within its grace. */
const graceMs = 60_000;

await runProcess(
  'bench',
  async (stop) => {
    const options = readOptions(processArguments());
    const { only, list } = options;
    const chosen = subjects.filter(
      ({ name }) => only.length === 0 || only.some((begin) => name.startsWith(begin)),
    );
    if (list || chosen.length === 0) {
      print(subjects.map(({ name, what }) => `${name.padEnd(24)} ${what}`).join('\n'));
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
