import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { callUnary, systemClock } from '@everline/chassis';
import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import type { FakeMaster } from './fake-master.js';
import { Scenario } from './scenario.js';

const limit = { deadlineMs: 5_000 };

/** As a master does that lost its router. */
async function dialAnew(master: FakeMaster | undefined): Promise<void> {
  master?.vanish();
  await master?.addMaster();
  master?.open();
  await eventually(() => master !== undefined && master.ended === undefined);
}

test('a router that was started again forgets nothing and disturbs nobody (R1, R6)', async () => {
  await using scenario = await Scenario.start();
  const masters = await scenario.cluster('a', 'b', 'c');
  const before = masters[0]?.configuration;
  await scenario.stopRouter();
  await eventually(() => masters[0]?.ended !== undefined);
  expect(masters[0]?.ended?.code).toBe(14);
  await scenario.startRouter();
  const client = scenario.client();
  const answer = await callUnary(client.getAvailable.bind(client), {}, limit);
  expect(answer).toMatchObject({ masterId: 'a', epoch: 1n });
  for (const master of masters.toReversed()) await dialAnew(master);
  const heard = masters.map(({ answers }) => answers.length);
  await eventually(() => masters.every(({ answers }, i) => answers.length > (heard[i] ?? 0) + 30));
  expect(masters[2]?.configuration).toEqual(before);
  const { events, masters: listed } = await callUnary(client.describeCluster.bind(client), {}, limit);
  expect(listed.map(({ masterId, alive }) => [masterId, alive])).toEqual([
    ['a', true],
    ['b', true],
    ['c', true],
  ]);
  expect(events.at(-1)).toMatchObject({ kind: 1, masterId: 'a' });
});

test('if the available master dies together with the router, the role moves one suspicion period after the start (R8)', async () => {
  await using scenario = await Scenario.start();
  const [a, b] = await scenario.cluster('a', 'b');
  await scenario.stopRouter();
  a?.vanish();
  await scenario.startRouter();
  const startedMs = systemClock.nowMs();
  if (b !== undefined) b.deafSinceMs = startedMs - 1_000;
  await dialAnew(b);
  await b?.sees(({ epoch, availableId }) => epoch === 2n && availableId === 'b');
  expect(systemClock.nowMs() - startedMs).toBeGreaterThanOrEqual(150);
});

test('a router without its state forms no new cluster around masters that belong to one (R9)', async () => {
  await using scenario = await Scenario.start();
  const [a] = await scenario.cluster('a', 'b');
  await scenario.stopRouter();
  rmSync(join(scenario.folder, 'state'));
  await scenario.startRouter();
  a?.vanish();
  await expect(a?.addMaster()).rejects.toMatchObject({ reason: 'CLUSTER_UNKNOWN' });
});

test('with --recover it rebuilds its state when every in-sync member was heard, in a newer epoch (R9)', async () => {
  await using scenario = await Scenario.start();
  const [a, b, c] = await scenario.cluster('a', 'b', 'c');
  await a?.alterInSync(['a', 'b']);
  await c?.sees(({ inSyncIds }) => inSyncIds.length === 2);
  const before = a?.configuration;
  await scenario.stopRouter();
  rmSync(join(scenario.folder, 'state'));
  await scenario.startRouter({ recover: true });
  for (const master of [a, b, c]) master?.vanish();
  await expect(c?.addMaster()).rejects.toMatchObject({
    reason: 'ROUTER_RECOVERING',
    metadata: { waits_for: 'a,b' },
  });
  await expect(b?.addMaster()).rejects.toMatchObject({ metadata: { waits_for: 'a' } });
  await dialAnew(a);
  await dialAnew(b);
  await dialAnew(c);
  expect(c?.configuration).toMatchObject({
    clusterId: before?.clusterId,
    epoch: 102n,
    availableId: 'a',
    inSyncIds: ['a', 'b'],
  });
  expect(c?.configuration?.version).toBeGreaterThan(before?.version ?? 0n);
});

test('a router whose state was restored from an old copy decides nothing more (R1)', async () => {
  await using scenario = await Scenario.start();
  const [a, b] = await scenario.cluster('a', 'b');
  a?.vanish();
  await expect(a?.addMaster({ version: 1_000n })).rejects.toMatchObject({ reason: 'ROUTER_OUTDATED' });
  await eventually(() => b?.ended !== undefined);
  const client = scenario.client();
  await expect(callUnary(client.getAvailable.bind(client), {}, limit)).rejects.toMatchObject({
    reason: 'NO_AVAILABLE_MASTER',
  });
});

test('another floor is told to the masters (R5)', async () => {
  await using scenario = await Scenario.start();
  const [a] = await scenario.cluster('a', 'b');
  await scenario.stopRouter();
  await scenario.startRouter({ minInSync: 2 });
  await dialAnew(a);
  await a?.sees(({ minInSync }) => minInSync === 2);
});
