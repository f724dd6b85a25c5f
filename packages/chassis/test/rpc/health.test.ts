import { credentials, makeGenericClientConstructor, status } from '@grpc/grpc-js';
import { expect, test } from '@jest/globals';
import { healthService } from '../../src/rpc/health/health.js';
import { eventually } from '../support/eventually.js';
import { type EchoWorld, echoWorld } from './echo-server.js';

const serving = 1;
const notServing = 2;
const serviceUnknown = 3;

function healthOf(world: EchoWorld) {
  const Health = makeGenericClientConstructor(healthService, 'grpc.health.v1.Health');
  const client = new Health(world.address, credentials.createInsecure());
  return {
    check: (service: string): Promise<number> =>
      new Promise((resolve, reject) =>
        client.check?.({ service }, (error: Error | null, response: { status: number }) =>
          error === null ? resolve(response.status) : reject(error),
        ),
      ),
    watch: (service: string) => {
      const seen: number[] = [];
      let code: number | undefined;
      const call = client.watch?.({ service });
      call.on('data', (response: { status: number }) => seen.push(response.status));
      call.on('error', () => {});
      call.on('status', (end: { code: number }) => {
        code = end.code;
      });
      return { seen, code: () => code };
    },
    close: () => client.close(),
  };
}

test('a service that was added serves until told otherwise; one that was not is NOT_FOUND', async () => {
  await using world = await echoWorld();
  const health = healthOf(world);
  expect(await health.check('')).toBe(serving);
  expect(await health.check('chassis.test.v1.EchoService')).toBe(serving);
  world.server.setServing('chassis.test.v1.EchoService', false);
  expect(await health.check('chassis.test.v1.EchoService')).toBe(notServing);
  await expect(health.check('chassis.test.v1.Nothing')).rejects.toMatchObject({ code: status.NOT_FOUND });
  health.close();
});

test('a watcher hears every change once, also of a service that comes later, and the end of the process', async () => {
  await using world = await echoWorld();
  const health = healthOf(world);
  const known = health.watch('chassis.test.v1.EchoService');
  const later = health.watch('later');
  await eventually(() => known.seen.length === 1 && later.seen.length === 1);
  world.server.setServing('chassis.test.v1.EchoService', false);
  world.server.setServing('chassis.test.v1.EchoService', false);
  world.server.setServing('chassis.test.v1.EchoService', true);
  world.server.setServing('later', true);
  await eventually(() => known.seen.length === 3 && later.seen.length === 2);
  await world.server.drain(1_000);
  await eventually(() => known.code() !== undefined);
  expect(known.seen).toEqual([serving, notServing, serving, notServing]);
  expect(later.seen).toEqual([serviceUnknown, serving, notServing]);
  expect(known.code()).toBe(status.UNAVAILABLE);
  world.server.setServing('later', true);
  health.close();
});
