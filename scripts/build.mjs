// Builds all packages, or with `--only <package>` that one and what it stands on.
// With `--quiet` it speaks of itself in one line, and shows what the tools said only when they failed.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { pruneDist } from './prune-dist.mjs';
import { bin, root } from './workspace.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quiet: { type: 'boolean', default: false },
  },
});

const args = ['run', 'build', '--output-logs=errors-only', '--log-prefix=none'];
for (const name of values.only) args.push(`--filter=@everline/${name}`);

if (values.quiet) process.stderr.write('Building …\n');
const build = spawnSync(bin('turbo'), args, {
  cwd: root,
  stdio: values.quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  maxBuffer: 64 * 1024 * 1024,
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
});
if (build.error) throw build.error;
if (values.quiet && build.status !== 0) process.stderr.write(Buffer.concat([build.stdout, build.stderr]));
pruneDist();
process.exitCode = build.status ?? 1;
