// Real rules, a store that fails on purpose, and masters that are only written down.
import { type Log, type OpenOut, systemClock } from '@everline/chassis';
import { DualPingResponse } from '@everline/contracts';
import { begin, nothingDurable, type RouterEvent, type Rules } from '@everline/protocol/configuration';
import { expect, test } from '@jest/globals';
import {
  type ConfigurationStore,
  NotKept,
  OutcomeUnknown,
  openMemoryStore,
  sharedMemory,
} from '../src/configuration-store/index.js';
import { Decider } from '../src/deciding/decider.js';
import { decodeDurable, encodeDurable } from '../src/deciding/durable-json.js';
import { Keeper } from '../src/deciding/keeper.js';
import { Lines } from '../src/telling/lines.js';
import { Teller } from '../src/telling/teller.js';
import { Watchers } from '../src/telling/watchers.js';
import { eventually } from './cluster/eventually.js';

const rules: Rules = { suspicionMs: 500, minInSync: 1, recover: false };
const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => silent };

interface Desk {
  readonly decider: Decider;
  readonly keeper: Keeper;
  readonly told: DualPingResponse[];
  readonly lines: Lines;
  ask(event: RouterEvent): Promise<string>;
}

function desk(store: ConfigurationStore): Desk {
  const clock = systemClock;
  const lines = new Lines();
  const told: DualPingResponse[] = [];
  const teller = new Teller({ lines, watchers: new Watchers(clock), clock, log: silent });
  const keeper = new Keeper(store, 0, clock, silent);
  const state = begin(rules, nothingDurable, { nowMs: clock.nowMs(), wallMs: clock.wallMs() });
  const decider: Decider = new Decider(state, {
    rules,
    keeper,
    clock,
    tell: (effects, before) => teller.tell(decider, effects, before),
  });
  const ask = (event: RouterEvent): Promise<string> =>
    new Promise((resolve) => {
      decider.decide(event, (refused) => resolve(refused?.reason ?? 'granted'));
    });
  lines.open('a', writtenDown(told));
  return { decider, keeper, told, lines, ask };
}

function writtenDown(told: DualPingResponse[]): OpenOut<DualPingResponse> {
  const write = (message: DualPingResponse | Uint8Array): boolean => {
    told.push(message instanceof Uint8Array ? DualPingResponse.decode(message) : message);
    return true;
  };
  return { write, ready: async () => {}, pending: 0, ended: false, end: () => {}, fail: () => {} };
}

const first: RouterEvent = {
  ...{ kind: 'add-master', masterId: 'a', address: 'a:1', clusterId: '', incarnation: 'a-1', version: 0 },
  ...{
    lastSeq: 0,
    lastEpoch: 0,
    committedSeq: 0,
    configuration: undefined,
    epoch: 0,
    software: '',
    newClusterId: 'x',
  },
};

test('R1: while a decision is not durable nobody is told of it, and pings are answered from what is', async () => {
  let full = true;
  let tries = 0;
  const store = openMemoryStore(sharedMemory(), (moment) => {
    if (moment === 'before') tries += 1;
    if (full && moment === 'before') throw new NotKept('the disk is full');
  });
  const { decider, told, lines, ask } = desk(store);
  const granted = ask(first);
  let answered = false;
  void granted.then(() => {
    answered = true;
  });
  await eventually(() => tries >= 3);
  expect([answered, told.length, decider.told.durable.configuration]).toEqual([false, 0, undefined]);
  lines.answer(lines.open('a', writtenDown(told)), decider.told, 7n);
  expect(told).toEqual([expect.objectContaining({ ping: 7n, epoch: 0n, configuration: undefined })]);
  full = false;
  expect(await granted).toBe('granted');
  expect(told.at(-1)).toMatchObject({ epoch: 1n, configuration: { version: 1n } });
});

test('R1: events that come meanwhile are decided afterwards, in their order', async () => {
  const { ask, decider } = desk(openMemoryStore());
  const opened = { kind: 'stream-opened', masterId: 'a', incarnation: 'a-1', streamId: 1 } as const;
  const altered = { kind: 'in-sync-altered', masterId: 'a', epoch: 1, version: 1, inSyncIds: ['a'] } as const;
  const outcomes = await Promise.all([ask(first), ask(opened), ask(altered), ask(altered)]);
  expect(outcomes).toEqual(['granted', 'granted', 'granted', 'STALE_VERSION']);
  expect(decider.told.durable.configuration?.version).toBe(2);
});

test.each(['kept after all', 'not kept'])(
  'R1: an unknown outcome (%s) is written again until it is certain',
  async (truth) => {
    const shared = sharedMemory();
    const store = openMemoryStore(shared);
    let unknown = 1;
    const fickle: ConfigurationStore = {
      ...store,
      compareAndSet: async (expected, bytes) => {
        if (unknown === 0) return store.compareAndSet(expected, bytes);
        unknown -= 1;
        if (truth === 'kept after all') await store.compareAndSet(expected, bytes);
        throw new OutcomeUnknown('the connection broke');
      },
    };
    const { ask } = desk(fickle);
    expect(await ask(first)).toBe('granted');
    const kept = shared.newest === undefined ? undefined : decodeDurable(shared.newest.bytes);
    expect(kept?.configuration).toMatchObject({ version: 1, availableId: 'a' });
  },
);

test('R1: who finds that another router has decided tells nothing and ends', async () => {
  const store = openMemoryStore();
  const { decider, told } = desk(store);
  await store.compareAndSet(0, encodeDurable(nothingDurable));
  decider.decide(first);
  await expect(decider.failed).rejects.toThrow('another router');
  expect(told).toEqual([]);
});

test('what nothing depends on is kept later, together, and at the end', async () => {
  const shared = sharedMemory();
  const { ask, keeper, decider } = desk(openMemoryStore(shared));
  await ask(first);
  await ask({ kind: 'stream-opened', masterId: 'a', incarnation: 'a-1', streamId: 1 });
  await ask({ kind: 'death-reported', masterId: 'a', incarnation: 'a-1', how: 'SIGKILL' });
  expect(shared.newest?.revision).toBe(1);
  await keeper.flush();
  await eventually(() => shared.newest?.revision === 2);
  const kept = shared.newest === undefined ? undefined : decodeDurable(shared.newest.bytes);
  expect(kept).toEqual(JSON.parse(JSON.stringify(decider.told.durable)));
  expect(kept?.reigns.at(-1)?.ended).toBe('reaped');
});
