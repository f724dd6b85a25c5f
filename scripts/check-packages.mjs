// Packs what is published and looks at it as others will: publint for the manifest, attw for the types.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin, packages, root } from './workspace.mjs';

const folder = mkdtempSync(join(tmpdir(), 'everline-packed-'));
try {
  const published = packages().filter(({ manifest }) => !manifest.private);
  await pack(published);
  const queue = published.map((one) => ({ ...one, tarball: tarballOf(one.name) }));
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await check(next);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** All in one go: a pnpm for each takes as long as all that is checked. */
async function pack(published) {
  const filters = published.flatMap(({ manifest }) => ['--filter', manifest.name]);
  const packed = await run('pnpm', ['-r', ...filters, 'pack', '--pack-destination', folder]);
  if (packed.status === 0) return;
  process.stderr.write(packed.output);
  throw new Error('the packages could not be packed');
}

function tarballOf(name) {
  const tarball = readdirSync(folder).find((file) => file.startsWith(`everline-${name}-`));
  if (tarball === undefined) throw new Error(`${name} was not packed`);
  return join(folder, tarball);
}

async function check({ name, tarball, manifest }) {
  const results = [await run(bin('publint'), ['run', '--strict', tarball])];
  // Roles and the cli have a bin and nothing to import.
  if (manifest.exports?.['.']) {
    results.push(
      await run(bin('attw'), [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji']),
    );
  }
  const bad = results.filter(({ status }) => status !== 0);
  for (const { output } of bad) process.stderr.write(output);
  console.log(`${name}: ${bad.length === 0 ? 'fit to publish' : 'NOT FIT to publish'}`);
  if (bad.length > 0) process.exitCode = 1;
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}
