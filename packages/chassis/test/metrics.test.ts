import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { noMetrics, openMetrics, systemClock } from '../src/index.js';
import { text } from './rpc/echo.js';
import { echoWorld } from './rpc/echo-server.js';
import { memoryLog } from './support/memory-log.js';

const context = { clock: systemClock, log: memoryLog() };

async function scrape(port: number | undefined, path = '/metrics'): Promise<readonly [number, string]> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return [response.status, await response.text()];
}

test('are served on a port of their own, with those of the process and the stalls of its event loop', async () => {
  await using metrics = await openMetrics('127.0.0.1:0', context);
  const posts = metrics.counter({ name: 'posts_total', help: 'Posts', labels: ['kind'] });
  posts.add(2, { kind: 'new' });
  posts.add(undefined, { kind: 'new' });
  metrics.gauge({ name: 'lag', help: 'Lag' }).set(7);
  metrics.gauge({ name: 'read', help: 'Read at every scrape', read: () => 42 });
  metrics.histogram({ name: 'commit_seconds', help: 'Commit', buckets: [0.1, 1] }).observe(0.5);
  const [code, page] = await scrape(metrics.port);
  expect(code).toBe(200);
  for (const line of ['posts_total{kind="new"} 3', 'lag 7', 'read 42', 'commit_seconds_bucket{le="1"} 1'])
    expect(page).toContain(line);
  expect(page).toMatch(/^everline_event_loop_worst_stall_seconds [\d.e-]+$/m);
  expect(page).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  expect((await scrape(metrics.port, '/'))[0]).toBe(404);
});

test('count the calls of a server by method and code', async () => {
  await using metrics = await openMetrics('127.0.0.1:0', context);
  await using world = await echoWorld({ count: () => Promise.reject(new Error('boom')) }, { metrics });
  await world.say(text(''));
  await new Promise((resolve) => world.client.count(text('')).on('error', resolve).resume());
  const [, page] = await scrape(metrics.port);
  expect(page).toContain('everline_rpc_calls_total{method="/chassis.test.v1.EchoService/Say",code="OK"} 1');
  expect(page).toContain(
    'everline_rpc_calls_total{method="/chassis.test.v1.EchoService/Count",code="INTERNAL"} 1',
  );
});

test('cost nothing when nobody asks for them', async () => {
  await using metrics = await openMetrics(undefined, context);
  expect(metrics.port).toBeUndefined();
  metrics.counter({ name: 'a', help: '' }).add();
  noMetrics.gauge({ name: 'a', help: '' }).set(1);
  noMetrics.histogram({ name: 'a', help: '', buckets: [] }).observe(1);
});

test('on a taken port are a sentence that names it', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const bound = taken.address();
  const address = `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
  await expect(openMetrics(address, context)).rejects.toMatchObject({
    name: 'ExitWith',
    code: 75,
    message: `another process listens on ${address}`,
  });
  taken.close();
});
