import { connect } from 'node:net';
import { callUnary, openChannel, seededRandom } from '@everline/chassis';
import { RouterServiceService } from '@everline/contracts';
import { Client, type ServiceError, status } from '@grpc/grpc-js';
import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import { Scenario } from './scenario.js';

const random = seededRandom(7);
const randomBytes = (length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => Math.floor(random.next() * 256)));
const asIs = (bytes: Buffer): Buffer => bytes;

async function stillServes(scenario: Scenario): Promise<void> {
  const client = scenario.client();
  const { masterId } = await callUnary(client.getAvailable.bind(client), {}, { deadlineMs: 5_000 });
  expect(masterId).toBe('a');
}

test('random bytes as the message of any unary call end that call and nothing else', async () => {
  await using scenario = await Scenario.start();
  await scenario.cluster('a');
  const channel = openChannel(scenario.address);
  const client = channel.client(Client as never) as Client;
  const methods = Object.values(RouterServiceService).filter(
    ({ requestStream, responseStream }) => !requestStream && !responseStream,
  );
  for (const { path } of methods) {
    for (let length = 1; length < 40; length += 3) {
      const ended = await new Promise<ServiceError | null>((resolve) => {
        client.makeUnaryRequest(
          path,
          asIs,
          asIs,
          randomBytes(length),
          { deadline: Date.now() + 2_000 },
          resolve,
        );
      });
      const codes: readonly (number | undefined)[] = [status.INTERNAL, status.UNKNOWN];
      expect(codes).not.toContain(ended?.code);
    }
  }
  await stillServes(scenario);
  channel[Symbol.dispose]();
}, 30_000);

test('random bytes on a life line end it, and the masters stay', async () => {
  await using scenario = await Scenario.start();
  const [a] = await scenario.cluster('a');
  const channel = openChannel(scenario.address);
  const client = channel.client(Client as never) as Client;
  for (let length = 1; length < 60; length += 7) {
    const stream = client.makeBidiStreamRequest(RouterServiceService.dualPing.path, asIs, asIs);
    const ended = new Promise<ServiceError>((resolve) => void stream.on('error', resolve));
    stream.on('data', () => {});
    stream.write(randomBytes(length));
    expect((await ended).code).not.toBe(status.INTERNAL);
  }
  expect(a?.ended).toBeUndefined();
  await stillServes(scenario);
  channel[Symbol.dispose]();
});

test('a stream that changes its name, or sends many pings before an answer, is ended', async () => {
  await using scenario = await Scenario.start();
  const [, b] = await scenario.cluster('a', 'b');
  b?.ping({ masterId: 'a' });
  await eventually(() => b?.ended !== undefined);
  expect(b?.ended?.code).toBe(status.INVALID_ARGUMENT);

  const hasty = scenario.master('c');
  await hasty.addMaster();
  hasty.open();
  hasty.ping({ masterId: 'a' });
  await eventually(() => hasty.ended !== undefined);
  await stillServes(scenario);
});

test('whatever else comes over the wire is dropped', async () => {
  await using scenario = await Scenario.start();
  await scenario.cluster('a');
  const port = Number(scenario.address.split(':')[1]);
  for (const text of ['GET / HTTP/1.1\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '\0\0\0']) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(Buffer.concat([Buffer.from(text), randomBytes(500)]));
    socket.end();
  }
  await stillServes(scenario);
});

test('a master may bear the name of a property that every object has', async () => {
  await using scenario = await Scenario.start();
  const [a] = await scenario.cluster('a');
  for (const id of ['constructor', '__proto__', 'toString']) {
    const master = scenario.master(id, { address: `127.0.0.1:${5_000 + id.length}` });
    await master.join();
    await a?.sees(({ masters }) => masters.some(({ masterId }) => masterId === id));
  }
  const client = scenario.client();
  const { masters } = await callUnary(client.describeCluster.bind(client), {}, { deadlineMs: 5_000 });
  expect(masters.map(({ committedSeq }) => committedSeq)).toEqual([0n, 0n, 0n, 0n]);
});

test('a master that pings without reading its answers is held back, and the others are served', async () => {
  await using scenario = await Scenario.start();
  const [a] = await scenario.cluster('a', 'b');
  const greedy = scenario.master('c');
  await greedy.join();
  greedy.pauseReading();
  for (let i = 0; i < 20_000; i += 1) greedy.ping();
  const number = a?.ping();
  await eventually(() => a?.answers.some(({ ping }) => ping === number) ?? false);
  await stillServes(scenario);
});
