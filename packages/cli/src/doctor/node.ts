import { type Finding, fault, ok } from './finding.js';

const leastMajor = 20;
const leastMinor = 19;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const enough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  if (enough) return ok('node', `Node ${version}`);
  return fault(
    'node',
    `Node ${version}`,
    `Everline needs Node ${leastMajor}.${leastMinor} or newer: https://nodejs.org`,
  );
}
