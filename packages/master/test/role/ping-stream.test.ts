import { EventEmitter } from 'node:events';
import { systemClock } from '@everline/chassis';
import type { DualPingRequest, DualPingResponse, RouterServiceClient } from '@everline/contracts';
import { expect, test } from '@jest/globals';
import { PingStream } from '../../src/role/ping-stream.js';

/** A stream of which the test is the router. */
class Line extends EventEmitter {
  readonly pings: number[] = [];

  write({ ping }: DualPingRequest): void {
    this.pings.push(Number(ping));
  }

  cancel(): void {}

  answer(ping: number, epoch: number): void {
    this.emit('data', { ping: BigInt(ping), epoch: BigInt(epoch) } as DualPingResponse);
  }
}

test('M9: the epoch that is asked for is that of an answer to a ping sent afterwards, and no earlier one', async () => {
  const line = new Line();
  const soon: (() => void)[] = [];
  const stream = new PingStream({ dualPing: () => line } as unknown as RouterServiceClient, {
    clock: { ...systemClock, every: () => () => {}, soon: (fn) => void soon.push(fn) },
    pingMs: 100,
    silenceMs: 500,
    compose: (ping) => ({ ping: BigInt(ping) }) as DualPingRequest,
    onAnswer: () => {},
  });
  const epochs: number[] = [];
  const first = stream.check().then((epoch) => epochs.push(epoch));
  for (const fn of soon.splice(0)) fn();
  const second = stream.check().then((epoch) => epochs.push(epoch));
  expect(line.pings).toEqual([1, 2]);
  line.answer(1, 3);
  await Promise.resolve();
  expect(epochs).toEqual([]);
  line.answer(2, 4);
  await first;
  expect(epochs).toEqual([4]);
  for (const fn of soon.splice(0)) fn();
  expect(line.pings).toEqual([1, 2, 3]);
  line.answer(3, 5);
  await second;
  expect(epochs).toEqual([4, 5]);
  stream.close(new Error('over'));
});
