import type { CallContext, OpenOut } from '@everline/chassis';
import {
  type Acknowledgement,
  type ReplicateHello,
  type ReplicateRequest,
  type ReplicateResponse,
  Verdict,
} from '@everline/contracts';
import type { ReplicaEvent } from '@everline/protocol/replica';
import { expect, test } from '@jest/globals';
import { type ReplicateOptions, replicate } from '../../src/replication/replicate.js';
import type { StandbyStream } from '../../src/replication/standby-stream.js';

const greeting: ReplicateHello = {
  masterId: 'b',
  incarnation: 'b1',
  clusterId: 'c',
  epoch: 1n,
  lastSeq: 0n,
  lastEpoch: 0n,
  committedSeq: 0n,
  history: 1,
  leaseMs: 400,
};
const hello: ReplicateRequest = { request: { $case: 'hello', value: greeting } };
const acknowledged: Acknowledgement = {
  epoch: 1n,
  verdict: Verdict.VERDICT_ACCEPTED,
  seq: 1n,
  hintSeq: 0n,
  sentAtUs: 0n,
  masterId: 'b',
  incarnation: 'b1',
};

/** An available master that writes down what its replica is told. */
function opened(first: ReplicateRequest = hello): {
  readonly standby: ReturnType<ReturnType<typeof replicate>['open']>;
  readonly told: string[];
} {
  const told: string[] = [];
  let attached: StandbyStream | undefined;
  const options = {
    host: {
      replica: { role: { kind: 'available' }, standing: { configuration: { epoch: 1 } } },
      dispatch: ({ kind }: ReplicaEvent) => told.push(kind),
    },
    shipper: {
      attach: (stream: StandbyStream) => {
        attached = stream;
      },
      acknowledged: () => undefined,
      detach: (stream: StandbyStream) => {
        const there = attached === stream;
        if (there) attached = undefined;
        return there;
      },
    },
    store: { facts: () => ({ clusterId: 'c', history: 1, promisedEpoch: 1 }) },
    clock: {},
  } as unknown as ReplicateOptions;
  const out = { end: () => undefined } as unknown as OpenOut<ReplicateResponse>;
  const intake = { pause: () => undefined, resume: () => undefined };
  const standby = replicate(options).open({} as CallContext, out, intake);
  standby.onMessage(first);
  return { standby, told };
}

test('M4: a standby that leaves is gone at once; one whose stream breaks is expected back', () => {
  const left = opened();
  left.standby.onEnd();
  left.standby.onClosed?.();
  expect(left.told).toEqual(['hello', 'standby-lost', 'unreachable']);
  const broke = opened();
  broke.standby.onClosed?.();
  expect(broke.told).toEqual(['hello', 'standby-lost']);
});

test('M3: what is acknowledged in the name of another master counts for nothing', () => {
  const { standby, told } = opened();
  standby.onMessage({ request: { $case: 'acknowledgement', value: { ...acknowledged, masterId: 'c' } } });
  expect(told).toEqual(['hello']);
  standby.onMessage({ request: { $case: 'acknowledgement', value: acknowledged } });
  expect(told).toEqual(['hello', 'acknowledgement']);
});

test.each([
  ['R9: a standby of another cluster', { clusterId: 'd' }, 'FOREIGN_CLUSTER'],
  [
    'R10: a standby of a history that was given up, or is not known here yet',
    { history: 2 },
    'NOT_AVAILABLE_MASTER',
  ],
])('%s gets nothing', (_whom, differs, reason) => {
  const other: ReplicateRequest = { request: { $case: 'hello', value: { ...greeting, ...differs } } };
  expect(() => opened(other)).toThrow(expect.objectContaining({ reason }));
});
