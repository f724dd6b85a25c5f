import { connect as connectHttp2 } from 'node:http2';
import { Metadata, status } from '@grpc/grpc-js';
import { expect, test } from '@jest/globals';
import { type CallContext, CallEnded, callUnary, systemClock } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { text } from './echo.js';
import { type EchoWorld, echoWorld, taken } from './echo-server.js';

const emptyMessage = Buffer.from('0000000000', 'hex');

/** A call whose connection can be cut, as that of a killed client is. */
function rawCall(world: EchoWorld, method: string) {
  const session = connectHttp2(`http://${world.address}`).on('error', () => {});
  const path = `/chassis.test.v1.EchoService/${method}`;
  const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' });
  stream.on('error', () => {});
  return { stream, cut: () => session.destroy() };
}

/** Never answers; keeps the context, and what its signal said. */
function hanging(look: (context: CallContext) => void = () => {}) {
  const seen: { context?: CallContext; reason?: unknown } = {};
  return {
    seen,
    say: (_: unknown, context: CallContext) => {
      seen.context = context;
      look(context);
      context.signal.addEventListener('abort', () => {
        seen.reason = context.signal.reason;
      });
      return new Promise<never>(() => {});
    },
  };
}

test('the context tells peer, method, metadata and deadline', async () => {
  let seen: Record<string, unknown> = {};
  await using world = await echoWorld({
    say: (request, { peer, method, metadata, deadlineMs }) => {
      const leftMs = (deadlineMs ?? Number.NaN) - systemClock.nowMs();
      seen = { peer, method, word: metadata.get('word'), leftMs };
      return request;
    },
  });
  const metadata = new Metadata();
  metadata.set('word', 'hello');
  const method = world.client.say.bind(world.client);
  await callUnary(method, text(''), { deadlineMs: 60_000, metadata });
  expect(seen).toMatchObject({
    peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    method: '/chassis.test.v1.EchoService/Say',
    word: ['hello'],
  });
  expect(seen.leftMs).toBeGreaterThan(50_000);
  expect(seen.leftMs).toBeLessThanOrEqual(60_000);
  await new Promise((resolve) => world.client.say(text(''), resolve));
  expect(seen.leftMs).toBeNaN();
});

test('the signal aborts with CANCELLED when the client cancels, also when it is looked at only then', async () => {
  const { seen, say } = hanging();
  let late: CallContext | undefined;
  await using world = await echoWorld({
    say,
    count: async (_request, context) => {
      late = context;
      await new Promise(() => {});
    },
  });
  const call = world.client.say(text(''), () => {});
  await eventually(() => seen.context !== undefined);
  call.cancel();
  await eventually(() => seen.reason !== undefined);
  expect(seen.reason).toBeInstanceOf(CallEnded);
  expect(seen.reason).toMatchObject({ code: status.CANCELLED });

  const stream = world.client.count(text('')).on('error', () => {});
  await eventually(() => late !== undefined);
  stream.cancel();
  await eventually(() => world.server.open.streams === 0);
  expect(late?.signal.aborted).toBe(true);
  expect(late?.signal.reason).toMatchObject({ code: status.CANCELLED });
});

test('the signal aborts when the connection of the client is gone', async () => {
  const { seen, say } = hanging();
  await using world = await echoWorld({ say });
  const { stream, cut } = rawCall(world, 'Say');
  stream.end(emptyMessage);
  await eventually(() => seen.context !== undefined);
  cut();
  await eventually(() => seen.reason !== undefined);
});

test('the signal aborts with DEADLINE_EXCEEDED when the deadline of the client passes', async () => {
  const { seen, say } = hanging();
  await using world = await echoWorld({ say });
  const method = world.client.say.bind(world.client);
  // Long enough for the first call of a process to reach its handler.
  await expect(callUnary(method, text(''), { deadlineMs: 1_000 })).rejects.toMatchObject({
    name: 'RpcFailed',
    code: status.DEADLINE_EXCEEDED,
  });
  await eventually(() => seen.reason !== undefined);
  expect(seen.reason).toBeInstanceOf(CallEnded);
});

test('the signal does not abort after a call that ended well', async () => {
  let aborted = 0;
  let context: CallContext | undefined;
  await using world = await echoWorld({
    say: (request, given) => {
      context = given;
      given.signal.addEventListener('abort', () => (aborted += 1));
      return request;
    },
    count: async (_request, { signal }) => {
      signal.addEventListener('abort', () => (aborted += 1));
    },
  });
  for (let i = 0; i < 10; i++) {
    await world.say(text(''));
    await new Promise((resolve) => world.client.count(text('')).on('end', resolve).resume());
  }
  await eventually(() => world.server.open.calls === 0);
  expect([aborted, context?.signal.aborted]).toEqual([0, false]);
});

test('requests end with the reason when the client goes, and silently when it has sent all', async () => {
  const ends: unknown[] = [];
  await using world = await echoWorld({
    chat: async (requests) => {
      try {
        for await (const _ of requests) {
        }
        ends.push('all');
      } catch (error) {
        ends.push(error);
      }
    },
  });
  const { stream, cut } = rawCall(world, 'Chat');
  stream.write(emptyMessage);
  await eventually(() => world.server.open.streams === 1);
  cut();
  await eventually(() => ends.length === 1);
  expect(ends[0]).toMatchObject({ code: status.CANCELLED });
  const whole = world.client.chat();
  whole.write(text(''));
  whole.end();
  expect((await taken(whole)).status.code).toBe(status.OK);
  expect(ends[1]).toBe('all');
});

test('a client that is cut off in the callback form is closed, and has not ended its requests', async () => {
  const events: string[] = [];
  await using world = await echoWorld({
    hotChat: {
      open: () => ({
        onMessage: () => events.push('message'),
        onEnd: () => events.push('end'),
        onClosed: () => events.push('closed'),
      }),
    },
  });
  const { stream, cut } = rawCall(world, 'HotChat');
  stream.write(emptyMessage);
  await eventually(() => events.length === 1);
  cut();
  await eventually(() => world.server.open.streams === 0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(events).toEqual(['message', 'closed']);
});

test('who asks to be told of the end of a call gets the reason, once, and no signal is made for it', async () => {
  const told: unknown[] = [];
  await using world = await echoWorld({
    hotChat: {
      open: (context, out) => {
        context.onAborted((reason) => {
          told.push(reason);
          out.fail(reason);
        });
        return { onMessage: () => told.push('message'), onEnd: () => undefined };
      },
    },
  });
  const first = rawCall(world, 'HotChat');
  first.stream.write(emptyMessage);
  await eventually(() => told.length === 1);
  first.cut();
  await eventually(() => told.length === 2);
  expect(told[1]).toMatchObject({ code: status.CANCELLED });
  await eventually(() => world.server.open.streams === 0);
  const second = world.client.hotChat();
  second.write(text(''));
  await eventually(() => told.length === 3);
  const [{ status: ended }] = await Promise.all([taken(second), world.server.drain(5_000)]);
  expect(ended.code).toBe(status.UNAVAILABLE);
  expect(told[3]).toMatchObject({ reason: 'SHUTTING_DOWN' });
  expect(told).toHaveLength(4);
});

test('a handler that stops reading ends its call without waiting for the rest', async () => {
  await using world = await echoWorld({
    sum: async (requests) => {
      for await (const request of requests) return request;
      return text('none');
    },
  });
  const first = await new Promise((resolve, reject) => {
    const call = world.client.sum((error, response) => (error === null ? resolve(response) : reject(error)));
    call.on('error', () => {});
    for (let i = 1; i <= 100; i++) call.write(text('', i));
  });
  expect(first).toEqual(text('', 1));
  await eventually(() => world.server.open.streams === 0);
});
