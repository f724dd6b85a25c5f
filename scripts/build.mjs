// Builds all packages, or with `--only <package>` that one and what it stands on.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { pruneDist } from './prune-dist.mjs';
import { bin, root } from './workspace.mjs';

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true, default: [] } } });

const args = ['run', 'build', '--output-logs=errors-only', '--log-prefix=none'];
for (const name of values.only) args.push(`--filter=@everline/${name}`);

const build = spawnSync(bin('turbo'), args, {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
});
if (build.error) throw build.error;
pruneDist();
process.exitCode = build.status ?? 1;
