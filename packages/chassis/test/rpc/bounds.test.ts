import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { status } from '@grpc/grpc-js';
import { expect, jest, test } from '@jest/globals';
import { openChannel } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { text } from './echo.js';
import { echoWorld, taken } from './echo-server.js';

// Much is sent, perhaps by a busy machine.
jest.setTimeout(30_000);

test('one stream more than the limit is RESOURCE_EXHAUSTED at once, and welcome again when another has ended', async () => {
  await using world = await echoWorld({}, { limits: { maxStreams: 3 } });
  const open = ['chat', 'hotChat', 'chat'].map((method) => world.client[method as 'chat']());
  const ends = open.map((call) => taken(call));
  for (const call of open) call.write(text(''));
  await eventually(() => world.server.open.streams === 3);
  for (const refused of [world.client.chat(), world.client.hotChat(), world.client.count(text('', 1))]) {
    const { status: end } = await taken(refused);
    expect(end).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: expect.stringContaining('3 streams'),
    });
  }
  await expect(world.say(text('unary calls have a limit of their own'))).resolves.toBeDefined();
  for (const call of open) call.end();
  expect((await Promise.all(ends)).map(({ status: { code } }) => code)).toEqual([0, 0, 0]);
  await eventually(() => world.server.open.streams === 0);
  expect((await taken(world.client.count(text('', 1)))).status.code).toBe(status.OK);
});

test('one unary call more than the limit is RESOURCE_EXHAUSTED at once, and those that nobody waits for count, too', async () => {
  const waiting: (() => void)[] = [];
  await using world = await echoWorld(
    { say: (request) => new Promise((resolve) => waiting.push(() => resolve(request))) },
    { limits: { maxCalls: 2 } },
  );
  const first = world.say(text('1'));
  const abandoned = world.client.say(text('2'), () => {});
  await eventually(() => waiting.length === 2);
  abandoned.cancel();
  await expect(world.say(text('3'))).rejects.toMatchObject({
    code: status.RESOURCE_EXHAUSTED,
    reason: 'QUEUE_FULL',
  });
  for (const answer of waiting.splice(0)) answer();
  await expect(first).resolves.toEqual(text('1'));
  const next = world.say(text('4'));
  await eventually(() => waiting.length === 1);
  waiting[0]?.();
  await expect(next).resolves.toEqual(text('4'));
});

test('streams on which nothing is ever sent are bounded, too, over all connections, and make room when they end', async () => {
  await using world = await echoWorld({}, { limits: { maxStreams: 10, maxCalls: 10 } });
  const sessions = [1, 2, 3].map(() => connectHttp2(`http://${world.address}`).on('error', () => {}));
  const refused: unknown[] = [];
  for (const session of sessions) {
    for (let i = 0; i < 100; i++) {
      const headers = {
        ':method': 'POST',
        ':path': '/chassis.test.v1.EchoService/Say',
        'content-type': 'application/grpc',
      };
      session
        .request(headers, { endStream: false })
        .on('error', () => {})
        .on('response', ({ 'grpc-status': code }) => refused.push(Number(code)));
    }
  }
  await eventually(() => refused.length === 180);
  expect(new Set(refused)).toEqual(new Set([status.RESOURCE_EXHAUSTED]));
  await expect(world.say(text(''))).rejects.toMatchObject({ reason: 'TOO_MANY_STREAMS' });
  sessions[0]?.destroy();
  await eventually(() => world.server.open.connections === 3);
  await expect(world.say(text('room'))).resolves.toEqual(text('room'));
  for (const session of sessions) session.destroy();
});

test('one connection more than the limit is closed at once, the others go on, and the log tells it once', async () => {
  await using world = await echoWorld({}, { limits: { maxConnections: 3 } });
  await expect(world.say(text(''))).resolves.toBeDefined();
  const others = Array.from({ length: 20 }, () => connect(world.port, '127.0.0.1').on('error', () => {}));
  let closed = 0;
  for (const socket of others) socket.resume().on('close', () => (closed += 1));
  await eventually(() => closed >= 18);
  expect(world.server.open.connections).toBe(3);
  using channel = openChannel(world.address);
  await expect(channel.ready(2_000)).rejects.toMatchObject({ code: status.UNAVAILABLE });
  await expect(world.say(text('still'))).resolves.toBeDefined();
  expect(world.log.lines.filter(({ message }) => message === 'connections were dropped')).toHaveLength(1);
  for (const socket of others) socket.destroy();
  await eventually(() => world.server.open.connections === 1);
  using again = openChannel(world.address);
  await again.ready(2_000);
});

test('a connection that says nothing, not even HTTP/2, is closed when its ping stays unanswered', async () => {
  await using world = await echoWorld({}, { limits: { keepaliveMs: 30, keepaliveTimeoutMs: 30 } });
  const silent = connect(world.port, '127.0.0.1').on('error', () => {});
  const closed = new Promise((resolve) => silent.resume().on('close', resolve));
  await eventually(() => world.server.open.connections === 1);
  await closed;
});

test('a live connection without calls survives pings, and is closed when it is idle for too long', async () => {
  await using world = await echoWorld(
    {},
    { limits: { keepaliveMs: 20, keepaliveTimeoutMs: 1_000, maxIdleMs: 300 } },
  );
  using channel = openChannel(world.address);
  const beginMs = performance.now();
  let brokenMs = 0;
  channel.onBroken(() => {
    brokenMs = performance.now();
  });
  await channel.ready(2_000);
  await eventually(() => brokenMs > 0);
  expect(brokenMs - beginMs).toBeGreaterThan(250);
});

test('a reader that does not read holds the writer back: write says so, ready waits, nothing piles up', async () => {
  let mostPending = 0;
  let written = 0;
  await using world = await echoWorld({
    count: async (_request, { signal }, out) => {
      const message = text('x'.repeat(10_000));
      while (!signal.aborted) {
        written += 1;
        const more = out.write(message);
        mostPending = Math.max(mostPending, out.pending);
        if (!more) await out.ready();
      }
    },
  });
  const call = world.client.count(text(''));
  await eventually(() => mostPending >= 16);
  const before = written;
  await new Promise((resolve) => setImmediate(resolve));
  await world.say(text('others are served'));
  expect(written - before).toBeLessThanOrEqual(16);
  expect(mostPending).toBeLessThanOrEqual(17);
  call.on('error', () => {});
  call.cancel();
  await eventually(() => world.server.open.streams === 0);
});

test('a client that does not stop sending is held back while nobody takes its requests', async () => {
  let taken = 0;
  let go = (): void => {};
  await using world = await echoWorld({
    chat: async (requests) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      for await (const _ of requests) taken += 1;
    },
    hotChat: {
      open: (_context, out, intake) => {
        intake.pause();
        return { onMessage: () => (taken += 1), onEnd: () => out.end() };
      },
    },
  });
  for (const method of ['chat', 'hotChat'] as const) {
    const call = world.client[method]();
    call.on('error', () => {}).resume();
    let accepted = 0;
    for (let i = 0; i < 2_000; i++) call.write(text('x'.repeat(10_000)), () => (accepted += 1));
    await eventually(() => world.server.open.streams === 1);
    await eventually(() => accepted > 0);
    await world.say(text('others are served'));
    // What the windows of HTTP/2 and the queues hold, of 20 MB.
    expect(accepted).toBeLessThan(500);
    if (method === 'chat') {
      call.end();
      go();
      await eventually(() => taken === 2_000, 10_000);
    } else {
      call.cancel();
    }
    await eventually(() => world.server.open.streams === 0);
  }
  expect(taken).toBe(2_000);
});
