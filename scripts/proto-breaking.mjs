// Compares proto/ with the last released contract and with main: names and numbers that clients know do not change.
import { spawnSync } from 'node:child_process';
import { bin, root } from './workspace.mjs';

const gitFolder = git('rev-parse', '--path-format=absolute', '--git-common-dir');
const bases = [newestRelease(), mainBranch()].filter((base) => base !== undefined);
if (bases.length === 0) console.log('proto/: nothing yet to compare with');
for (const base of bases) {
  const { status } = spawnSync(bin('buf'), ['breaking', '--against', `${gitFolder}#${base}`], {
    cwd: root,
    stdio: 'inherit',
  });
  console.log(`proto/ against ${base}: ${status === 0 ? 'no breaking change' : 'BREAKING'}`);
  if (status !== 0) process.exitCode = 1;
}

function newestRelease() {
  const [tag] = git('tag', '--list', '@everline/contracts@*', '--sort=-v:refname').split('\n');
  return tag ? `tag=${tag}` : undefined;
}

function mainBranch() {
  for (const ref of ['origin/main', 'main']) {
    if (git('ls-tree', '--name-only', ref, 'proto/') !== '') return `ref=${git('rev-parse', ref)}`;
  }
  return undefined;
}

function git(...args) {
  return spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? '';
}
