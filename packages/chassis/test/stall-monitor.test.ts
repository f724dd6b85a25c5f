import { expect, test } from '@jest/globals';
import { systemClock, watchStalls } from '../src/index.js';
import { eventually } from './support/eventually.js';

test('tells how long the event loop stood still, once it turns again', async () => {
  const stalls: number[] = [];
  using monitor = watchStalls(systemClock, { everyMs: 5, stallMs: 150, onStall: (ms) => stalls.push(ms) });
  await systemClock.sleep(20);
  monitor.takeWorstMs();
  const untilMs = performance.now() + 200;
  while (performance.now() < untilMs) {}
  await eventually(() => stalls.length > 0);
  expect(Math.max(...stalls)).toBeGreaterThan(150);
  expect(monitor.takeWorstMs()).toBeGreaterThan(150);
});

test('a stall that goes on while it is asked counts', () => {
  using monitor = watchStalls(systemClock, { everyMs: 5 });
  const untilMs = performance.now() + 100;
  while (performance.now() < untilMs) {}
  expect(monitor.takeWorstMs()).toBeGreaterThan(80);
});
