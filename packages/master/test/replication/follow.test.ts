import { EventEmitter } from 'node:events';
import { systemClock } from '@everline/chassis';
import type { ReplicateResponse } from '@everline/contracts';
import type { Replica, ReplicaEvent } from '@everline/protocol/replica';
import { expect, test } from '@jest/globals';
import { Follow, type FollowOptions } from '../../src/replication/follow.js';

/** A standby named a: the test is the masters b and c, and puts its snapshots in place. */
function standby() {
  const dialled: string[] = [];
  const lines: EventEmitter[] = [];
  const told: string[] = [];
  const listeners = new Set<(replica: Replica) => void>();
  const host = {
    replica: following('b', 1),
    dispatch: ({ kind }: ReplicaEvent) => void told.push(kind),
    onChange: (listener: (replica: Replica) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const restores: { readonly signal: AbortSignal; readonly done: () => void }[] = [];
  const to = (address: string) => ({
    client: () => ({
      replicate: () => {
        dialled.push(address);
        const line = Object.assign(new EventEmitter(), {
          ...{ write: () => true, cancel: () => {} },
          end: () => void told.push('end'),
        });
        lines.push(line);
        return line;
      },
    }),
  });
  const timers: { readonly ms: number; readonly fire: () => void }[] = [];
  const clock = {
    ...systemClock,
    after: (ms: number, fire: () => void) => {
      timers.push({ ms, fire });
      return () => undefined;
    },
  };
  const quiet = { info: () => {}, warn: () => {}, debug: () => {} };
  const follow = new Follow({
    host,
    hand: { arrive: () => {} },
    channels: { to },
    clock,
    random: { next: () => 0 },
    log: quiet,
    silenceMs: 60_000,
    hello: () => ({}),
    restore: (_address: string, signal: AbortSignal) =>
      new Promise<void>((resolve) => restores.push({ signal, done: resolve })),
    onWitness: () => {},
    onHopeless: () => {},
  } as unknown as FollowOptions);
  /** Whoever was dialled last says that its journal begins too late. */
  const needSnapshot = (): void => {
    lines.at(-1)?.emit('data', { response: { $case: 'snapshotNeeded', value: {} } } as ReplicateResponse);
  };
  const learn = (replica: Replica): void => {
    host.replica = replica;
    for (const listener of listeners) listener(replica);
  };
  return { follow, dialled, told, lines, timers, restores, needSnapshot, learn };
}

function following(availableId: string, epoch: number, inSyncIds = [availableId]): Replica {
  const masters = ['a', 'b', 'c'].map((masterId) => ({ masterId, address: `at ${masterId}` }));
  return {
    role: { kind: 'following', source: { masterId: availableId, lost: false } },
    standing: {
      promisedEpoch: epoch,
      configuration: { availableId, epoch, masters, inSyncIds, minInSync: 1 },
    },
    settings: { masterId: 'a' },
  } as unknown as Replica;
}

test('M2: a reign that ends while a snapshot is being put in place: the next one is followed when it is there, not before', async () => {
  const { follow, dialled, restores, needSnapshot } = standby();
  using _ = follow;
  follow.aim(following('b', 1));
  needSnapshot();
  follow.aim(following('c', 2));
  expect(restores.map(({ signal }) => signal.aborted)).toEqual([true]);
  expect(dialled).toEqual(['at b']);
  restores[0]?.done();
  await new Promise(setImmediate);
  expect(dialled).toEqual(['at b', 'at c']);
});

test('… and nobody, when this master is the next', async () => {
  const { follow, dialled, restores, needSnapshot } = standby();
  using _ = follow;
  follow.aim(following('b', 1));
  needSnapshot();
  follow.aim(following('a', 2));
  restores[0]?.done();
  await new Promise(setImmediate);
  expect(dialled).toEqual(['at b']);
  follow.aim(following('c', 3));
  expect(dialled).toEqual(['at b', 'at c']);
});

test('M4: one that ends asks to be let go, and ends its stream when it is out of the set', async () => {
  const { follow, told, lines, learn } = standby();
  using _ = follow;
  learn(following('b', 1, ['b', 'a']));
  follow.aim(following('b', 1, ['b', 'a']));
  const left = follow.leave(100);
  learn(following('b', 1, ['b', 'a']));
  expect(told).toEqual(['leave']);
  learn(following('b', 1));
  expect(told).toEqual(['leave', 'end']);
  lines[0]?.emit('end');
  await left;
});

test('… which it does not wait for without end, nor for the good-bye', async () => {
  const { follow, told, timers, learn } = standby();
  using _ = follow;
  learn(following('b', 1, ['b', 'a']));
  follow.aim(following('b', 1, ['b', 'a']));
  const left = follow.leave(100);
  expect(timers.map(({ ms }) => ms)).toEqual([100]);
  timers[0]?.fire();
  expect(told).toEqual(['leave', 'end']);
  expect(timers.map(({ ms }) => ms)).toEqual([100, 100]);
  timers[1]?.fire();
  await left;
});

test('… nor at all, where nobody waits for it', async () => {
  const { follow, told, lines } = standby();
  using _ = follow;
  follow.aim(following('b', 1));
  const left = follow.leave(100);
  expect(told).toEqual(['leave', 'end']);
  lines[0]?.emit('end');
  await left;
});
