import { callUnary, openChannel, systemClock } from '@everline/chassis';
import { RouterServiceClient, type WatchAvailableResponse } from '@everline/contracts';
import type { ServiceError } from '@grpc/grpc-js';
import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import { Scenario } from './scenario.js';

interface Watching {
  readonly told: WatchAvailableResponse[];
  ended: ServiceError | undefined;
}

function watch(client: RouterServiceClient): Watching {
  const watching: Watching = { told: [], ended: undefined };
  const stream = client.watchAvailable({});
  stream.on('data', (answer: WatchAvailableResponse) => watching.told.push(answer));
  stream.on('error', (error: ServiceError) => {
    watching.ended = error;
  });
  return watching;
}

test('who watches is told the present answer at once, then every change, and why it ends', async () => {
  await using scenario = await Scenario.start();
  const early = watch(scenario.client());
  await eventually(() => early.told.length === 1);
  expect(early.told[0]).toEqual({ address: '', masterId: '', epoch: 0n, clusterId: '' });
  const [a, b] = await scenario.cluster('a', 'b');
  await eventually(() => early.told.at(-1)?.masterId === 'a');
  a?.ping({ resignedEpoch: 1n });
  await eventually(() => early.told.at(-1)?.masterId === 'b');
  expect(early.told.map(({ epoch, masterId }) => [epoch, masterId])).toEqual([
    [0n, ''],
    [1n, 'a'],
    [2n, 'b'],
  ]);
  b?.vanish();
  await scenario.stopRouter();
  await eventually(() => early.ended !== undefined);
  expect(early.ended?.code).toBe(14);
});

test('1,000 watchers are told of a failover, and the masters before them', async () => {
  await using scenario = await Scenario.start();
  const [a, b] = await scenario.cluster('a', 'b');
  const channels = Array.from({ length: 10 }, () => openChannel(scenario.address));
  const watchers = Array.from({ length: 1_000 }, (_, i) => {
    const channel = channels[i % channels.length];
    if (channel === undefined) throw new Error('no channel');
    return watch(channel.client(RouterServiceClient));
  });
  await eventually(() => watchers.every(({ told }) => told.length > 0), 20_000);
  const client = scenario.client();
  const request = { masterId: 'a', incarnation: a?.facts.incarnation ?? '', how: 'SIGKILL' };
  a?.vanish();
  const reapedMs = systemClock.nowMs();
  await callUnary(client.reportDeath.bind(client), request, { deadlineMs: 5_000 });
  await eventually(() => watchers.every(({ told }) => told.at(-1)?.masterId === 'b'), 20_000);
  expect((b?.toldAtMs.get(2n) ?? 0) - reapedMs).toBeLessThan(10_000);
  expect(watchers.every(({ told }) => told.length <= 2)).toBe(true);
  for (const channel of channels) channel[Symbol.dispose]();
}, 60_000);
