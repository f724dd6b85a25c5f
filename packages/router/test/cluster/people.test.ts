import { callUnary } from '@everline/chassis';
import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import { Scenario } from './scenario.js';

const limit = { deadlineMs: 5_000 };
const refusalOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

function switchover(scenario: Scenario, toMasterId: string) {
  const client = scenario.client();
  return callUnary(client.switchover.bind(client), { toMasterId }, limit);
}

function force(scenario: Scenario, masterId: string, acceptDataLoss: boolean) {
  const client = scenario.client();
  return callUnary(client.forceAvailable.bind(client), { masterId, acceptDataLoss }, limit);
}

test('a switchover moves the role to the one that was asked for and returns when it serves (M10)', async () => {
  await using scenario = await Scenario.start();
  const [a, , c] = await scenario.cluster('a', 'b', 'c');
  const moved = await switchover(scenario, 'c');
  expect(moved).toEqual({ masterId: 'c', address: c?.facts.address, epoch: 2n });
  await a?.sees(({ epoch }) => epoch === 2n);
  expect(a?.answers.at(-1)?.endedEpochs).toEqual([1n]);
  expect(await switchover(scenario, '')).toMatchObject({ masterId: 'a', epoch: 3n });
});

test('a switchover to the available one is done already; to one that cannot take the role it is refused', async () => {
  await using scenario = await Scenario.start();
  const [a] = await scenario.cluster('a', 'b');
  expect(await switchover(scenario, 'a')).toMatchObject({ masterId: 'a', epoch: 1n });
  await a?.alterInSync(['a']);
  expect(await refusalOf(switchover(scenario, 'b'))).toMatchObject({ reason: 'NO_CANDIDATE' });
  expect(await refusalOf(switchover(scenario, 'nobody'))).toMatchObject({ reason: 'NO_CANDIDATE' });
  expect(await refusalOf(switchover(scenario, ''))).toMatchObject({ reason: 'NO_CANDIDATE' });
});

test('a switchover is given up when its target goes before the available one has resigned', async () => {
  await using scenario = await Scenario.start();
  const [a, b] = await scenario.cluster('a', 'b');
  if (a !== undefined) a.resigns = false;
  const moving = refusalOf(switchover(scenario, 'b'));
  await eventually(() => a?.answers.at(-1)?.resignToMasterId === 'b');
  b?.vanish();
  expect(await moving).toMatchObject({ reason: 'NO_CANDIDATE' });
  await eventually(() => a?.answers.at(-1)?.resignToMasterId === '');
});

test('if the available master dies while it is asked to resign, the switchover returns the one that took over', async () => {
  await using scenario = await Scenario.start();
  const [a, b] = await scenario.cluster('a', 'b');
  if (a !== undefined) a.resigns = false;
  const moving = switchover(scenario, 'b');
  await eventually(() => a?.answers.at(-1)?.resignToMasterId === 'b');
  a?.vanish();
  if (b !== undefined) b.says = { heardAvailableMsAgo: 0, availableUnreachable: true };
  expect(await moving).toMatchObject({ masterId: 'b', epoch: 2n });
});

test('on SIGTERM the available master resigns unasked, and the first in-sync standby follows at once', async () => {
  await using scenario = await Scenario.start();
  const [a, b] = await scenario.cluster('a', 'b', 'c');
  a?.ping({ resignedEpoch: 1n });
  await b?.sees(({ epoch, availableId }) => epoch === 2n && availableId === 'b');
  await eventually(() => b?.answers.at(-1)?.endedEpochs.includes(1n) ?? false);
});

test('force-available wants the flag, says what may be lost, and begins a new history (R10)', async () => {
  await using scenario = await Scenario.start();
  const [a] = await scenario.cluster('a');
  if (a !== undefined) Object.assign(a.facts, { lastSeq: 100n, committedSeq: 100n });
  const number = a?.ping();
  await eventually(() => a?.answers.some(({ ping }) => ping === number) ?? false);
  const b = scenario.master('b', { lastSeq: 90n });
  await b.join();
  a?.vanish();
  const refused = await refusalOf(force(scenario, 'b', false));
  expect(refused).toMatchObject({ reason: 'DATA_LOSS_NOT_ACCEPTED' });
  expect(String(refused)).toContain('91 to 100');
  expect(await force(scenario, 'b', true)).toMatchObject({
    configuration: { availableId: 'b', inSyncIds: ['b'], epoch: 2n, history: 2 },
  });
  const client = scenario.client();
  const { events } = await callUnary(client.describeCluster.bind(client), {}, limit);
  expect(events[0]).toMatchObject({ kind: 8, masterId: 'b' });
  expect(await refusalOf(force(scenario, 'nobody', true))).toMatchObject({ reason: 'NO_CANDIDATE' });
});
