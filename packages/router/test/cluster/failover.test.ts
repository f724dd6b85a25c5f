import { callUnary, Refusal, systemClock } from '@everline/chassis';
import { ClusterEventKind } from '@everline/contracts';
import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import type { FakeMaster } from './fake-master.js';
import { Scenario } from './scenario.js';

const limit = { deadlineMs: 5_000 };

async function reap(scenario: Scenario, master: FakeMaster): Promise<void> {
  const client = scenario.client();
  const request = { masterId: master.id, incarnation: master.facts.incarnation, how: 'SIGKILL' };
  await callUnary(client.reportDeath.bind(client), request, limit);
}

test('the first master to register forms the cluster, and the next is a standby (R2, R9)', async () => {
  await using scenario = await Scenario.start();
  const [a, b] = [scenario.master('a'), scenario.master('b')];
  await a.join();
  await b.join();
  expect(b.configuration).toMatchObject({ epoch: 1n, availableId: 'a', inSyncIds: ['a'], history: 1 });
  const client = scenario.client();
  const answer = await callUnary(client.getAvailable.bind(client), {}, limit);
  expect(answer).toMatchObject({ address: a.facts.address, masterId: 'a', epoch: 1n });
});

test('a killed and reaped master is replaced at once, and the set stays (R3, R4, R8)', async () => {
  // Whoever waited for the suspicion would wait for longer than the test.
  await using scenario = await Scenario.start({ suspicionMs: 60_000 });
  const [a, b, c] = await scenario.cluster('a', 'b', 'c');
  a?.vanish();
  if (a !== undefined) await reap(scenario, a);
  await b?.sees(({ epoch }) => epoch === 2n);
  expect(b?.configuration).toMatchObject({ availableId: 'b', inSyncIds: ['a', 'b', 'c'] });
  await c?.sees(({ epoch }) => epoch === 2n);
  await eventually(() => b?.answers.at(-1)?.endedEpochs.includes(1n) ?? false);
  expect(b?.answers.at(-1)?.reapedEpochs).toEqual([1n]);
});

test('without a watchdog, a broken stream and a refused connection are enough, and the set stays (R4, R8)', async () => {
  await using scenario = await Scenario.start();
  const [a, b] = await scenario.cluster('a', 'b');
  a?.vanish();
  if (b !== undefined) b.says = { heardAvailableMsAgo: 0, availableUnreachable: true };
  await b?.sees(({ epoch, availableId }) => epoch === 2n && availableId === 'b');
  expect(b?.answers.at(-1)?.endedEpochs).toEqual([]);
  expect(b?.configuration?.inSyncIds).toEqual(['a', 'b']);
});

test('a hanging master is replaced after one suspicion period; when it wakes it is told and stays a standby (R6, R8)', async () => {
  await using scenario = await Scenario.start();
  const [a, b] = await scenario.cluster('a', 'b');
  const hungMs = systemClock.nowMs();
  a?.hang();
  if (b !== undefined) b.deafSinceMs = hungMs;
  await b?.sees(({ availableId }) => availableId === 'b');
  expect(systemClock.nowMs() - hungMs).toBeGreaterThanOrEqual(180);
  await a?.sees(({ epoch }) => epoch === 2n);
  a?.wake();
  if (b !== undefined) b.deafSinceMs = undefined;
  await b?.alterInSync(['b', 'a']);
  await a?.sees(({ inSyncIds }) => inSyncIds.includes('a'));
  expect(a?.configuration?.availableId).toBe('b');
});

test('while one standby still hears the silent master, it keeps the role for 3 s (R8)', async () => {
  await using scenario = await Scenario.start();
  const [a, b, c] = await scenario.cluster('a', 'b', 'c');
  const hungMs = systemClock.nowMs();
  a?.hang();
  if (b !== undefined) b.deafSinceMs = hungMs;
  await c?.sees(({ epoch }) => epoch === 2n);
  expect((c?.toldAtMs.get(2n) ?? 0) - hungMs).toBeGreaterThanOrEqual(2_900);
});

test('with nobody left there is no available master, and the router names those it waits for (R3)', async () => {
  await using scenario = await Scenario.start();
  const [a] = await scenario.cluster('a');
  a?.vanish();
  if (a !== undefined) await reap(scenario, a);
  const client = scenario.client();
  const refused = await callUnary(client.getAvailable.bind(client), {}, limit).catch(
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(Refusal);
  expect(refused).toMatchObject({ reason: 'NO_AVAILABLE_MASTER', metadata: { waits_for: 'a' } });
  await a?.restart(2);
  expect(a?.configuration).toMatchObject({ epoch: 2n, availableId: 'a' });
});

test('several available masters die in a row, each successor before it could change the set (R4, R6)', async () => {
  await using scenario = await Scenario.start({ suspicionMs: 60_000 });
  const [a, b, c] = await scenario.cluster('a', 'b', 'c');
  for (const dying of [a, b]) {
    dying?.vanish();
    if (dying !== undefined) await reap(scenario, dying);
  }
  await c?.sees(({ epoch, availableId }) => epoch === 3n && availableId === 'c');
  await a?.restart(2);
  expect(a?.configuration).toMatchObject({ epoch: 3n, availableId: 'c', inSyncIds: ['a', 'b', 'c'] });
  c?.vanish();
  if (c !== undefined) await reap(scenario, c);
  await a?.sees(({ epoch, availableId }) => epoch === 4n && availableId === 'a');
});

test('the events tell what happened, newest first, and how long it took', async () => {
  await using scenario = await Scenario.start();
  const [a, b] = await scenario.cluster('a', 'b');
  a?.vanish();
  if (a !== undefined) await reap(scenario, a);
  await b?.sees(({ epoch }) => epoch === 2n);
  const client = scenario.client();
  const { events, masters, liveCopies } = await callUnary(client.describeCluster.bind(client), {}, limit);
  const [failover] = events;
  expect(failover).toMatchObject({
    epoch: 2n,
    masterId: 'b',
    kind: ClusterEventKind.CLUSTER_EVENT_KIND_FAILOVER,
  });
  expect(failover?.what).toContain('SIGKILL');
  expect(failover?.tookMs).toBeLessThan(5_000);
  expect(masters.map(({ masterId, role, alive }) => [masterId, role, alive])).toEqual([
    ['a', 4, false],
    ['b', 1, true],
  ]);
  expect(liveCopies).toBe(1);
});
