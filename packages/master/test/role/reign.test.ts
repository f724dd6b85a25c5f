import { type Available, defaultReplicaTimes, openReplica, type Replica } from '@everline/protocol/replica';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Moved } from '../../src/errors.js';
import { Proposals } from '../../src/replication/proposals.js';
import { Reign } from '../../src/role/reign.js';
import type { Applied } from '../../src/state/applied.js';
import { MemoryStore } from '../cluster/memory-store.js';

const available: Available = {
  kind: 'available',
  epoch: 3,
  beginSeq: 1,
  peers: [],
  pending: undefined,
  asked: undefined,
  askedCount: 0,
  tickedAtMs: 0,
};
const configuration = {
  clusterId: 'c',
  version: 7,
  epoch: 3,
  availableId: 'a',
  inSyncIds: ['a', 'b'],
  masters: [],
  minInSync: 1,
  history: 1,
};
const found = { promisedEpoch: 3, configuration, lastSeq: 1, lastEpoch: 3, appliedSeq: 1 };

let host: { replica: Replica };
let reign: Reign;
let proposals: Proposals;
let asked: number;
let appended: number;
/** The router's answer. */
let confirm: (epoch: number) => void;
let fail: (error: Error) => void;

beforeEach(() => {
  host = {
    replica: { ...openReplica({ ...defaultReplicaTimes, masterId: 'a' }, found, 0), role: available },
  };
  asked = 0;
  appended = 0;
  proposals = new Proposals();
  reign = new Reign({
    epoch: 3,
    host,
    proposals,
    batcher: { add: () => void appended++ },
    nowMs: () => 0,
    store: new MemoryStore('a'),
    check: () => {
      asked++;
      return new Promise((resolve, reject) => {
        confirm = resolve;
        fail = reject;
      });
    },
  });
});

function reads(): Promise<string> {
  return reign.read(() => 'seen');
}

describe('a read without a lease waits for the router, and after that (M8, M9)', () => {
  test('is answered when the router names this reign, and it goes on', async () => {
    const read = reads();
    confirm(3);
    expect(await read).toBe('seen');
    expect(asked).toBe(1);
  });

  test('is refused when the router names a newer one, of which nobody has told here yet', async () => {
    const read = reads();
    confirm(4);
    await expect(read).rejects.toMatchObject({ reason: 'NOT_AVAILABLE_MASTER' });
  });

  test('is refused, and told where to go, when the reign has ended meanwhile, whatever the router said', async () => {
    const read = reads();
    reign.end(new Moved('b:1', 4));
    confirm(3);
    const metadata = { address: 'b:1', epoch: '4' };
    await expect(read).rejects.toMatchObject({ reason: 'NOT_AVAILABLE_MASTER', metadata });
  });

  test.each(['following', 'resigned'] as const)(
    'is refused when this master is %s meanwhile',
    async (kind) => {
      const read = reads();
      const role = kind === 'resigned' ? { kind, epoch: 3 } : { kind, source: undefined };
      host.replica = { ...host.replica, role };
      confirm(3);
      await expect(read).rejects.toMatchObject({ reason: 'NOT_AVAILABLE_MASTER' });
    },
  );

  test('is refused when the router cannot be asked', async () => {
    const read = reads();
    fail(new Error('no link to a router'));
    await expect(read).rejects.toMatchObject({ reason: 'NOT_AVAILABLE_MASTER' });
  });
});

test('M6: a reign that has ended takes nothing, asks nobody and shows nothing', async () => {
  reign.end(new Moved('b:1', 4));
  const draft = { kind: 'post', id: 'x', author: 'ada', text: 'late' } as const;
  const elsewhere = { reason: 'NOT_AVAILABLE_MASTER', metadata: { address: 'b:1' } };
  await expect(reign.propose(draft, new AbortController().signal)).rejects.toMatchObject(elsewhere);
  await expect(reads()).rejects.toMatchObject(elsewhere);
  expect(asked).toBe(0);
});

describe('a command', () => {
  const draft = (id: string) => ({ kind: 'post', id, author: 'ada', text: 'hello' }) as const;
  const caller = new AbortController().signal;

  beforeEach(() => {
    const alone = { ...configuration, inSyncIds: ['a'] };
    host.replica = { ...host.replica, standing: { ...host.replica.standing, configuration: alone } };
  });

  test('M15: that comes again while it is under way is appended once, and answered to both', async () => {
    const answers = [reign.propose(draft('x'), caller), reign.propose(draft('x'), caller)];
    expect(appended).toBe(1);
    const outcome = { kind: 'done' } as const;
    proposals.settle([{ seq: 2, id: 'x', outcome }] as unknown as Applied[], 1, () => outcome);
    expect(await Promise.all(answers)).toEqual([
      { outcome, copies: 1 },
      { outcome, copies: 1 },
    ]);
  });

  test('is refused before it is appended when 8,192 wait', async () => {
    for (let nth = 0; nth < 8_192; nth++) reign.propose(draft(`${nth}`), caller).catch(() => {});
    await expect(reign.propose(draft('one more'), caller)).rejects.toMatchObject({ reason: 'QUEUE_FULL' });
    expect(appended).toBe(8_192);
  });
});
