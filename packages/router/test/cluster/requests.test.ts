import { callUnary } from '@everline/chassis';
import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import { Scenario } from './scenario.js';

const limit = { deadlineMs: 5_000 };
const refusalOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

test('a request with an old version or epoch, or by a standby, is refused and told the newest (R1, R2)', async () => {
  await using scenario = await Scenario.start();
  const [a, b] = await scenario.cluster('a', 'b');
  const version = a?.configuration?.version ?? 0n;
  expect(
    await refusalOf(a?.alterInSync(['a'], { version: version - 1n }) ?? Promise.resolve()),
  ).toMatchObject({
    reason: 'STALE_VERSION',
    metadata: { version: String(version), epoch: '1' },
  });
  expect(await refusalOf(b?.alterInSync(['b']) ?? Promise.resolve())).toMatchObject({
    reason: 'STALE_EPOCH',
  });
  expect(await refusalOf(a?.alterInSync(['a'], { epoch: 0n }) ?? Promise.resolve())).toMatchObject({
    reason: 'STALE_EPOCH',
  });
});

test('every change makes a new version, so a delayed duplicate of it is refused (R1)', async () => {
  await using scenario = await Scenario.start();
  const [a] = await scenario.cluster('a', 'b');
  const version = a?.configuration?.version ?? 0n;
  expect(await a?.alterInSync(['a'])).toMatchObject({
    configuration: { version: version + 1n, inSyncIds: ['a'] },
  });
  expect(await refusalOf(a?.alterInSync(['a', 'b'], { version }) ?? Promise.resolve())).toMatchObject({
    reason: 'STALE_VERSION',
  });
});

test('the set does not shrink below the floor, and nobody enters it who is not there (R5, R7)', async () => {
  await using scenario = await Scenario.start({ minInSync: 2 });
  const [a, b] = await scenario.cluster('a', 'b');
  expect(await refusalOf(a?.alterInSync(['a']) ?? Promise.resolve())).toMatchObject({
    reason: 'BELOW_MIN_IN_SYNC',
  });
  expect(await refusalOf(a?.alterInSync(['a', 'b', 'x']) ?? Promise.resolve())).toMatchObject({
    reason: 'NOT_REGISTERED',
  });
  expect(b?.configuration?.minInSync).toBe(2);
});

test('every ping is answered at once, under its number, with the present epoch (M9)', async () => {
  await using scenario = await Scenario.start();
  const [a] = await scenario.cluster('a');
  const number = a?.ping();
  await eventually(() => a?.answers.some(({ ping }) => ping === number) ?? false);
  const answer = a?.answers.find(({ ping }) => ping === number);
  expect(answer).toMatchObject({ epoch: 1n, configuration: undefined, resignToMasterId: '' });
});

test('a master that was not registered, or has been started anew since, is sent to register (R7)', async () => {
  await using scenario = await Scenario.start();
  await scenario.cluster('a');
  const stranger = scenario.master('b');
  stranger.open();
  await eventually(() => stranger.ended !== undefined);
  expect(stranger.ended?.details).toContain('register first');

  const former = scenario.master('c');
  await former.join();
  former.hang();
  const again = scenario.master('c', { incarnation: 'c-2' });
  await eventually(
    async () => (await refusalOf(again.addMaster())) !== undefined && again.configuration !== undefined,
  );
  again.open();
  await eventually(() => again.answers.length > 0);
  former.ping();
  await eventually(() => former.ended !== undefined);
});

test('a second process with the same data directory is refused while the first one pings (R7)', async () => {
  await using scenario = await Scenario.start();
  await scenario.cluster('a', 'b');
  const copy = scenario.master('b', { incarnation: 'b-copy', address: '127.0.0.1:50001' });
  expect(await refusalOf(copy.addMaster())).toMatchObject({ reason: 'DUPLICATE_INCARNATION' });
});

test('a master that holds less than it once reported as committed is refused (R7)', async () => {
  await using scenario = await Scenario.start();
  const [a, b] = await scenario.cluster('a', 'b');
  if (b !== undefined) Object.assign(b.facts, { lastSeq: 10n, committedSeq: 8n });
  const number = b?.ping();
  await eventually(() => b?.answers.some(({ ping }) => ping === number) ?? false);
  b?.vanish();
  const wiped = scenario.master('b', {
    incarnation: 'b-2',
    clusterId: a?.facts.clusterId ?? '',
    lastSeq: 7n,
  });
  await eventually(async () => {
    const refused = await refusalOf(wiped.addMaster());
    return (refused as { reason?: string }).reason === 'DATA_LOST';
  });
});

test('registering again as the same process changes nothing (idempotent)', async () => {
  await using scenario = await Scenario.start();
  const [a, b] = await scenario.cluster('a', 'b', 'c');
  const version = a?.configuration?.version;
  for (let i = 0; i < 3; i += 1) await b?.addMaster();
  expect(b?.configuration?.version).toBe(version);
  expect(b?.configuration?.masters.map(({ masterId }) => masterId)).toEqual(['a', 'b', 'c']);
});

test('a standby leaves the list when its stream ends for good, and returns to the end of it (R6)', async () => {
  await using scenario = await Scenario.start();
  const [a, b] = await scenario.cluster('a', 'b', 'c');
  await a?.alterInSync(['a', 'c']);
  b?.vanish();
  await a?.sees(({ masters }) => masters.length === 2);
  await b?.restart(2);
  expect(b?.configuration?.masters.map(({ masterId }) => masterId)).toEqual(['a', 'c', 'b']);
}, 15_000);

test.each([
  [{ masterId: '' }, 'master_id'],
  [{ masterId: 'x'.repeat(65) }, 'master_id'],
  [{ masterId: 'with space' }, 'master_id'],
  [{ address: 'nowhere' }, 'address'],
  [{ address: '127.0.0.1:0' }, 'address'],
  [{ address: '127.0.0.1:99999' }, 'address'],
  [{ incarnation: '' }, 'incarnation'],
  [{ version: 2n ** 60n }, 'version'],
])('AddMaster with %p is refused and the field is named', async (change, field) => {
  await using scenario = await Scenario.start();
  const client = scenario.client();
  const request = {
    ...{ masterId: 'a', address: '127.0.0.1:4000', clusterId: '', incarnation: 'a-1', software: '' },
    ...{ version: 0n, lastSeq: 0n, lastEpoch: 0n, committedSeq: 0n, epoch: 0n, configuration: undefined },
    ...change,
  };
  const refused = await refusalOf(callUnary(client.addMaster.bind(client), request, limit));
  expect(refused).toMatchObject({ reason: 'FIELD_INVALID', metadata: { field } });
});
