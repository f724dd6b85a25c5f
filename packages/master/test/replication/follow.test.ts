import { EventEmitter } from 'node:events';
import { systemClock } from '@everline/chassis';
import type { ReplicateResponse } from '@everline/contracts';
import type { Replica } from '@everline/protocol/replica';
import { expect, test } from '@jest/globals';
import { Follow, type FollowOptions } from '../../src/replication/follow.js';

/** A standby named a: the test is the masters b and c, and puts its snapshots in place. */
function standby() {
  const dialled: string[] = [];
  const lines: EventEmitter[] = [];
  const restores: { readonly signal: AbortSignal; readonly done: () => void }[] = [];
  const to = (address: string) => ({
    client: () => ({
      replicate: () => {
        dialled.push(address);
        const line = Object.assign(new EventEmitter(), { write: () => true, cancel: () => {} });
        lines.push(line);
        return line;
      },
    }),
  });
  const quiet = { info: () => {}, warn: () => {}, debug: () => {} };
  const follow = new Follow({
    host: { replica: following('b', 1), dispatch: () => {} },
    hand: { arrive: () => {} },
    channels: { to },
    clock: systemClock,
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
  return { follow, dialled, restores, needSnapshot };
}

function following(availableId: string, epoch: number): Replica {
  const masters = ['a', 'b', 'c'].map((masterId) => ({ masterId, address: `at ${masterId}` }));
  return {
    role: { kind: 'following', source: undefined },
    standing: { promisedEpoch: epoch, configuration: { availableId, epoch, masters } },
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
