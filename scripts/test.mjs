// Builds, then runs the tests: all packages side by side, then the failover suite, and last, alone on the machine, what measures
// in it (e2e's test/alone).
//   pnpm test                          everything
//   pnpm test --only router            one package; may be repeated
//   pnpm test --only router -t lease   any other argument goes to jest
// The last line is `N passed, N failed, N skipped`.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packages, root } from './workspace.mjs';

const resultsFolder = join(root, '.test-results');
/** A jest that lives on after its results are written has leaked a handle; longer than any after-hook's last breath. */
const lingerMs = 30_000;
const slowestShown = 12;
/** For a test that says nothing else. Its own waits have shorter deadlines that say what they waited for. */
const testTimeoutMs = 30_000;

const { only, jestArgs } = readArguments(process.argv.slice(2));
const names = packages().map(({ name }) => name);
const unknown = only.filter((name) => !names.includes(name));
if (unknown.length > 0)
  throw new Error(`no such package: ${unknown.join(', ')}; there are ${names.join(', ')}`);

const selected = only.length > 0 ? only : names;
const total = { passed: 0, failed: 0, skipped: [], files: [] };

if (build()) {
  const packaged = selected.filter((name) => name !== 'e2e');
  if (packaged.length > 0) await runJest('packages', packaged, ['--maxWorkers=3']);
  if (selected.includes('e2e')) {
    await runJest('e2e', ['e2e'], ['--maxWorkers=2']);
    await runJest('alone', ['e2e-alone'], ['--runInBand']);
  }
} else {
  fail('the build failed');
}
report();

function readArguments(args) {
  const only = [];
  const jestArgs = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--only') only.push(args[++i] ?? '');
    else if (args[i]?.startsWith('--only=')) only.push(args[i].slice('--only='.length));
    else if (args[i] !== '--') jestArgs.push(args[i]);
  }
  return { only, jestArgs };
}

/** The failover suite starts every role as a process without importing it, so it needs the whole build. */
function build() {
  const args = selected.includes('e2e') ? [] : selected.flatMap((name) => ['--only', name]);
  return (
    spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), ...args], { stdio: 'inherit' }).status === 0
  );
}

async function runJest(label, projects, args) {
  mkdirSync(resultsFolder, { recursive: true });
  const outputFile = join(resultsFolder, `${label}-${process.pid}.json`);
  const jest = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      '--enable-source-maps',
      join(root, 'node_modules/jest/bin/jest.js'),
      `--testTimeout=${testTimeoutMs}`,
      `--testSequencer=${join(root, 'scripts/longest-first.mjs')}`,
      ...args,
      ...jestArgs,
      '--passWithNoTests',
      '--json',
      `--outputFile=${outputFile}`,
      '--selectProjects',
      ...projects,
    ],
    // Jest prints its JSON here too; people read stderr.
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ending = await ended(jest, outputFile);
  const results = existsSync(outputFile) ? JSON.parse(readFileSync(outputFile, 'utf8')) : undefined;
  rmSync(outputFile, { force: true });
  count(label, results, ending);
}

function ended(jest, outputFile) {
  return new Promise((resolve) => {
    let lingering;
    const watch = setInterval(() => {
      if (!existsSync(outputFile) || lingering) return;
      lingering = setTimeout(() => jest.kill('SIGKILL'), lingerMs);
    }, 500);
    jest.once('exit', (code, signal) => {
      clearInterval(watch);
      clearTimeout(lingering);
      resolve({ code, signal });
    });
  });
}

function count(label, results, { code, signal }) {
  if (signal) fail(`${label}: jest was ended by ${signal}${results ? ': a test left a handle open' : ''}`);
  if (!results) {
    if (code) fail(`${label}: jest ended with code ${code} and no results`);
    return;
  }
  let failed = 0;
  for (const suite of results.testResults) {
    total.files.push({ name: relative(root, suite.name), seconds: (suite.endTime - suite.startTime) / 1000 });
    const tests = suite.assertionResults;
    total.passed += tests.filter(({ status }) => status === 'passed').length;
    failed += tests.filter(({ status }) => status === 'failed').length;
    for (const { status, fullName } of tests) {
      if (status === 'pending' || status === 'todo' || status === 'skipped' || status === 'disabled') {
        total.skipped.push(`${relative(root, suite.name)}: ${fullName}`);
      }
    }
    if (suite.status === 'failed' && !tests.some(({ status }) => status === 'failed')) {
      failed++;
      console.error(`failed to run: ${relative(root, suite.name)}`);
    }
  }
  total.failed += failed;
  if (code && failed === 0) fail(`${label}: jest ended with code ${code} though no test failed`);
}

function fail(why) {
  total.failed++;
  console.error(`failed: ${why}`);
}

function report() {
  const byName = jestArgs.some((arg) => /^(-t|--testNamePattern)/.test(arg));
  if (byName) console.log(`${total.skipped.length} not run, or not chosen by name`);
  else for (const name of total.skipped) console.log(`skipped: ${name}`);
  const slowest = total.files.sort((a, b) => b.seconds - a.seconds).slice(0, slowestShown);
  if (slowest.length > 1) console.log('The slowest files:');
  for (const { name, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
  const ran = total.passed + total.failed;
  if (ran === 0) console.error('no test ran');
  process.exitCode = total.failed > 0 || ran === 0 ? 1 : 0;
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);
}
