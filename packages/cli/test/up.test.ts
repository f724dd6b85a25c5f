import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '@everline/chassis/clock';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { holderOf } from '../src/cluster/holders.js';
import { everline } from './everline.js';
import { type RealCluster, realCluster } from './real-cluster.js';
import { Running } from './running.js';

// Every test brings a cluster up, and the machine may be busy.
jest.setTimeout(120_000);
const startMs = 60_000;
const roles = ['router', 'master-1', 'master-2'];

let cluster: RealCluster;
const open: Running[] = [];
beforeEach(async () => {
  cluster = await realCluster();
});
afterEach(async () => {
  for (const running of open.splice(0)) running.kill('SIGKILL');
  await cluster[Symbol.asyncDispose]();
});

function up(): Running {
  const running = new Running(['up', '--port', String(cluster.port), '--json'], cluster.environment);
  open.push(running);
  return running;
}

async function holders(): Promise<string[]> {
  const folders = roles.flatMap((name) => [
    join(cluster.dataDir, name),
    join(cluster.dataDir, 'watchdog', name),
  ]);
  const held = await Promise.all(folders.map((folder) => holderOf(folder, systemClock)));
  return folders.filter((_, index) => held[index] !== undefined);
}

const eventOf = (running: Running): unknown => (JSON.parse(running.stdout) as { event: unknown }).event;

test('two at once: one brings it up, the other says so and starts nothing', async () => {
  const both = [up(), up()];
  const [winner, loser] = await Promise.race(
    both.map(async (running, index) => {
      await running.ended;
      return [both[1 - index], running] as const;
    }),
  );
  await winner?.says('\n', startMs);
  expect(winner === undefined ? undefined : eventOf(winner)).toBe('up');
  const said = loser?.stdout === '' ? loser.stderr : loser?.stdout;
  expect(said).toMatch(/is starting or ending|already-up/);
  winner?.kill('SIGTERM');
  expect(await winner?.ended).toBe(0);
  expect(await holders()).toEqual([]);
});

test('an up that is killed leaves the cluster running; the next completes what is missing, and down ends it all', async () => {
  const first = up();
  await first.says('\n', startMs);
  first.kill('SIGKILL');
  await first.ended;
  const second = await everline(['up', '--port', String(cluster.port), '--json'], cluster);
  expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('"already-up"') });
  await everline(['watchdog', 'stop', 'router', '--data', join(cluster.dataDir, 'watchdog')], cluster);
  const pid = (await holderOf(join(cluster.dataDir, 'master-1'), systemClock))?.pid;
  const third = up();
  await third.says('\n', startMs);
  expect(eventOf(third)).toBe('up');
  expect((await holderOf(join(cluster.dataDir, 'master-1'), systemClock))?.pid).toBe(pid);
  expect(await everline(['down', '--json'], cluster)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('"killed":[]'),
  });
  expect(await third.ended).toBe(0);
  expect(await holders()).toEqual([]);
});

test('Ctrl-C in the middle of a start leaves nothing running', async () => {
  const starting = new Running(['up', '--port', String(cluster.port)], cluster.environment);
  open.push(starting);
  await starting.until(({ stderr }) => stderr.includes('Starting'), startMs);
  starting.kill('SIGINT');
  expect(await starting.ended).toBe(130);
  expect(await holders()).toEqual([]);
});

test('a port in use ends it before anything is started', async () => {
  const holder = createServer().listen(cluster.port, '127.0.0.1');
  await once(holder, 'listening');
  const refused = await everline(['up', '--port', String(cluster.port)], cluster);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(
    /^everline: 127\.0\.0\.1:\d+ \(for router\) is in use by another program: try another --port\n$/,
  );
  expect(await holders()).toEqual([]);
  holder.close();
});
