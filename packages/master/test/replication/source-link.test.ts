import { EventEmitter } from 'node:events';
import { type RpcChannel, systemClock } from '@everline/chassis';
import type { ReplicateHello, ReplicateResponse } from '@everline/contracts';
import type { ReplicaEvent } from '@everline/protocol/replica';
import { expect, test } from '@jest/globals';
import { type SourceEnding, SourceLink, type SourceLinkOptions } from '../../src/replication/source-link.js';
import { encodeEntry } from '../../src/store/journal-entry.js';

/** A stream on which the test is the available master. */
function opened() {
  const cancelled: string[] = [];
  const line = Object.assign(new EventEmitter(), { write: () => true, cancel: () => cancelled.push('now') });
  const later: Array<() => void> = [];
  const told: ReplicaEvent['kind'][] = [];
  const endings: SourceEnding[] = [];
  const channel = { client: () => ({ replicate: () => line }) } as unknown as RpcChannel;
  const link = new SourceLink('b', channel, { masterId: 'a' } as ReplicateHello, {
    host: { dispatch: ({ kind }: ReplicaEvent) => told.push(kind) } as unknown as SourceLinkOptions['host'],
    hand: { arrive: () => {} },
    clock: {
      ...systemClock,
      after: (_ms, fn) => {
        later.push(fn);
        return () => undefined;
      },
    },
    onHeard: () => {},
    onEnded: (ending) => endings.push(ending),
  });
  const send = (...entries: readonly Uint8Array[]): void => {
    const value = { epoch: 2n, prevSeq: 4n, prevEpoch: 1n, entries, committedSeq: 4n, sentAtUs: 0n };
    line.emit('data', { response: { $case: 'append', value } } as ReplicateResponse);
  };
  return { link, send, told, endings, cancelled, later };
}

const entry = (seq: number): Uint8Array => encodeEntry(seq, 2, Uint8Array.of(seq)).bytes;

test('M2: entries are taken as they follow on each other and on what is said to be before them', () => {
  const { send, told, endings } = opened();
  send(entry(5), entry(6));
  expect([told, endings]).toEqual([['append'], []]);
});

test.each([
  ['one is left out', [entry(5), entry(7)]],
  ['one comes twice', [entry(5), entry(5)]],
  ['they begin later than is said', [entry(6)]],
])('M2: where %s the stream ends, and nothing of it is taken', (_what, entries) => {
  const { send, told, endings } = opened();
  send(...entries);
  expect(told).toEqual([]);
  expect(endings).toMatchObject([{ kind: 'failed' }]);
});

test('M13: a damaged entry is not taken either', () => {
  const { send, told, endings } = opened();
  const damaged = Uint8Array.from(entry(5));
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  send(damaged);
  expect([told, endings.map(({ kind }) => kind)]).toEqual([[], ['failed']]);
});

test('whoever leaves it takes nothing more, and the work of ending it is left for later', () => {
  const { link, send, told, endings, cancelled, later } = opened();
  link.close();
  send(entry(5));
  expect([told, endings, cancelled]).toEqual([[], [{ kind: 'closed' }], []]);
  for (const fn of later) fn();
  expect(cancelled).toEqual(['now']);
});
