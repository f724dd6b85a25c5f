// The order of the test files: those that take long begin first, so that none of them runs on alone at the end. A fresh clone has no times
// of its own yet, by which jest would order them.
const longest = [
  'e2e/dist/test/matrix/damage',
  'e2e/dist/test/restart',
  'e2e/dist/test/transcripts',
  'e2e/dist/test/matrix/other-cluster',
  'e2e/dist/test/matrix/random-kills',
  'e2e/dist/test/matrix/impatience',
  'e2e/dist/test/watchdog',
  'e2e/dist/test/matrix/lines',
  'e2e/dist/test/three-masters',
  'e2e/dist/test/packed',
  'e2e/dist/test/up',
  'protocol/dist/test/simulator/schedules',
  'watchdog/dist/test/pair',
  'master/dist/test/store/damage',
  'cli/dist/test/commands',
  'watchdog/dist/test/child',
  'watchdog/dist/test/verbs',
  'cli/dist/test/command-line',
  'watchdog/dist/test/memory',
  'cli/dist/test/live',
  'cli/dist/test/up',
  'watchdog/dist/test/output',
].map((name) => `/packages/${name}.test.js`);

export default class LongestFirst {
  sort(tests) {
    const rank = ({ path }) => {
      const at = longest.findIndex((name) => path.endsWith(name));
      return at < 0 ? longest.length : at;
    };
    return [...tests].sort((one, other) => rank(one) - rank(other));
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
