// pnpm fuzz [--minutes M] [--seed N]: the tests that send or damage at random, longer than in `pnpm test`. Each prints its seed.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes}: a number above 0`);

/** The calls and the frames take turns; a damaged store takes about a second. */
const environment = {
  ...process.env,
  FUZZ_SECONDS: String(Math.ceil((minutes * 60) / 3)),
  FUZZ_RUNS: String(Math.ceil((minutes * 60) / 3)),
  ...(values.seed !== undefined && { FUZZ_SEED: values.seed }),
};
const packages = ['chassis', 'router', 'master', 'e2e'].flatMap((name) => ['--only', name]);
const { status } = spawnSync(
  process.execPath,
  ['scripts/test.mjs', ...packages, '-t', '[Ww]hatever is (sent|damaged)|whatever strangers'],
  {
    stdio: 'inherit',
    env: environment,
  },
);
process.exitCode = status ?? 1;
