// Packs what is published and looks at it as others will: publint for the manifest, attw for the types.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin, packages, root } from './workspace.mjs';

const folder = mkdtempSync(join(tmpdir(), 'everline-packed-'));
try {
  for (const { name, folder: source, manifest } of packages()) {
    if (!manifest.private) check(name, pack(name, source), manifest);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pack(name, source) {
  const destination = join(folder, name);
  const packed = run('pnpm', ['pack', '--pack-destination', destination], source);
  const [tarball] = packed.status === 0 ? readdirSync(destination) : [];
  if (tarball === undefined) {
    process.stderr.write(packed.output);
    throw new Error(`${name} could not be packed`);
  }
  return join(destination, tarball);
}

function check(name, tarball, manifest) {
  const results = [run(bin('publint'), ['run', '--strict', tarball], root)];
  // Roles and the cli have a bin and nothing to import.
  if (manifest.exports?.['.']) {
    results.push(
      run(bin('attw'), [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji'], root),
    );
  }
  const bad = results.filter(({ status }) => status !== 0);
  for (const { output } of bad) process.stderr.write(output);
  console.log(`${name}: ${bad.length === 0 ? 'fit to publish' : 'NOT FIT to publish'}`);
  if (bad.length > 0) process.exitCode = 1;
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  return { status, output: stdout + stderr };
}
