import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import { smallHeap } from '../src/small-process.js';

// Processes start slowly on a busy machine.
jest.setTimeout(60_000);

const program = fileURLToPath(new URL('./hoarder.js', import.meta.url));

/** How often everything was collected, of the same work: V8 writes a line about each collection. */
function collections(flags: readonly string[], ...words: readonly string[]): number {
  const said = execFileSync(process.execPath, [...flags, '--trace-gc', program, ...words], {
    encoding: 'utf8',
  });
  return said.split('\n').filter((line) => line.includes('Mark-Compact')).length;
}

test('a small process that is given room collects everything half as often at most, and as before when it is taken back', () => {
  const without = collections(smallHeap);
  expect(without).toBeGreaterThan(10);
  expect(collections(smallHeap, 'room')).toBeLessThan(without / 2);
  expect(collections(smallHeap, 'room', 'none')).toBeGreaterThan((without * 2) / 3);
});

test('one that was started otherwise stays as it was started', () => {
  const own = ['--max-semi-space-size=2', '--heap-growing-percent=40'];
  expect(collections(own, 'room')).toBeGreaterThan((collections(own) * 2) / 3);
});
