import { connect } from 'node:net';
import { status } from '@grpc/grpc-js';
import { expect, test } from '@jest/globals';
import { openChannel, Refusal, refusalOf } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { text } from './echo.js';
import { echoWorld, taken } from './echo-server.js';

const shuttingDown = { code: status.UNAVAILABLE, reason: 'SHUTTING_DOWN' };

test('streams hear of it at once, may say a last word, and end with UNAVAILABLE and the reason', async () => {
  await using world = await echoWorld({
    count: async (_request, { signal }, out) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      out.write(text('moved'));
    },
    chat: async (requests) => {
      for await (const _ of requests) {
      }
    },
    hotChat: {
      open: ({ signal }, out) => {
        signal.addEventListener('abort', () => {
          out.write(text('moved'));
          out.fail(signal.reason);
        });
        return { onMessage: () => {}, onEnd: () => {} };
      },
    },
  });
  const calls = [world.client.count(text('')), world.client.chat(), world.client.hotChat()];
  const ends = Promise.all(calls.map((call) => taken(call)));
  await eventually(() => world.server.open.streams === 3);
  const beginMs = performance.now();
  await world.server.drain(10_000);
  expect(performance.now() - beginMs).toBeLessThan(9_000);
  const [counted, chat, hot] = await ends;
  for (const end of [counted, chat, hot]) {
    expect(end?.error === undefined ? undefined : refusalOf(end.error)).toMatchObject(shuttingDown);
  }
  expect(counted?.messages).toEqual([text('moved')]);
  expect(hot?.messages).toEqual([text('moved')]);
});

test('unary calls in work may finish; further ones are refused with the reason', async () => {
  let finish = (): void => {};
  await using world = await echoWorld({
    say: (request) =>
      new Promise((resolve) => {
        finish = () => resolve(request);
      }),
  });
  const inWork = world.say(text('in work'));
  await eventually(() => world.server.open.calls === 1);
  const drained = world.server.drain(10_000);
  await expect(world.say(text('late'))).rejects.toMatchObject(shuttingDown);
  expect(world.server.open.calls).toBe(1);
  finish();
  await expect(inWork).resolves.toEqual(text('in work'));
  await drained;
});

test('what hangs is ended at the end of the grace: with the reason, and with its signal aborted', async () => {
  let reason: unknown;
  await using world = await echoWorld({
    say: (_request, { signal }) => {
      signal.addEventListener('abort', () => {
        reason = signal.reason;
      });
      return new Promise(() => {});
    },
    count: () => new Promise(() => {}),
    hotChat: { open: () => ({ onMessage: () => {}, onEnd: () => {} }) },
  });
  const unary = world.say(text('')).catch((error: unknown) => error);
  const streams = [world.client.count(text('')), world.client.hotChat()].map((call) => taken(call));
  await eventually(() => world.server.open.calls === 3);
  const beginMs = performance.now();
  await world.server.drain(200);
  expect(performance.now() - beginMs).toBeGreaterThanOrEqual(195);
  expect(await unary).toMatchObject(shuttingDown);
  expect(reason).toBeInstanceOf(Refusal);
  for (const { error } of await Promise.all(streams))
    expect(error === undefined ? undefined : refusalOf(error)).toMatchObject(shuttingDown);
  expect(world.log.lines.map(({ message }) => message)).toContain('calls did not end within the grace');
});

test('no connection outlives it, not even of a client that reads nothing and of one that never spoke', async () => {
  await using world = await echoWorld({
    count: async (_request, _context, out) => {
      for (;;) if (!out.write(text('x'.repeat(50_000)))) await out.ready();
    },
  });
  const deaf = world.client.count(text('')).on('error', () => {});
  const silent = connect(world.port, '127.0.0.1').on('error', () => {});
  const closed = new Promise((resolve) => silent.resume().on('close', resolve));
  await eventually(() => world.server.open.streams === 1 && world.server.open.connections === 2);
  await world.server.drain(50);
  await closed;
  await eventually(() => world.server.open.connections === 0);
  deaf.cancel();
});

test('nobody can connect any more, and a second drain is the same', async () => {
  await using world = await echoWorld();
  const first = world.server.drain(1_000);
  expect(world.server.drain(0)).toBe(first);
  await first;
  using channel = openChannel(world.address);
  await expect(channel.ready(2_000)).rejects.toMatchObject({ code: status.UNAVAILABLE });
});
