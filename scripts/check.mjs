// Everything that is checked besides the tests. All of it runs, so that one look shows all that is wrong.
import { spawnSync } from 'node:child_process';
import { bin, root } from './workspace.mjs';

const steps = [
  ['build', process.execPath, ['scripts/build.mjs']],
  ['arrows between packages', bin('turbo'), ['boundaries']],
  ['format and lint', bin('biome'), ['check', '--colors=off', '.']],
  ['proto lint', bin('buf'), ['lint']],
  ['proto breaking', process.execPath, ['scripts/proto-breaking.mjs']],
  ['packages', process.execPath, ['scripts/check-packages.mjs']],
];

const results = steps.map(([name, command, args]) => {
  console.log(`\n== ${name}`);
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1' };
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
  });
  if (error) console.error(error.message);
  return { name, ok: status === 0 };
});

console.log('');
for (const { name, ok } of results) console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
