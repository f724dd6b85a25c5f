// The fault matrix in full: every fault on real processes, as often as it is meant to be played.
//   pnpm matrix                        about forty minutes on two cores
//   pnpm matrix --seed 7               what is drawn by lot is drawn the same again
//   pnpm matrix --seed 7 -t 'kills'    any other argument goes to jest
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './workspace.mjs';

const rows =
  '/e2e/dist/test/(alone|matrix)/|/e2e/dist/test/(disk|hostile|restart|three-masters|watchdog|roles)\\.test';
const args = process.argv.slice(2).filter((argument) => argument !== '--');
const at = args.indexOf('--seed');
const [, seed] = at < 0 ? [] : args.splice(at, 2);
const drawn = seed ?? String(Math.floor(Math.random() * 2 ** 32));
console.error(`seed ${drawn}`);
const { status } = spawnSync(
  process.execPath,
  [join(root, 'scripts/test.mjs'), '--only', 'e2e', '--testPathPatterns', rows, ...args],
  { stdio: 'inherit', env: { ...process.env, EVERLINE_E2E_MATRIX: 'full', EVERLINE_E2E_SEED: drawn } },
);
console.error(`seed ${drawn}`);
process.exitCode = status ?? 1;
