import { status } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { callUnary, Refusal } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { encodeText, text } from './echo.js';
import { echoWorld, taken } from './echo-server.js';

const boom = (): never => {
  throw new Error('boom with a secret');
};
const refuse = (): never => {
  throw new Refusal(status.NOT_FOUND, 'USER_UNKNOWN', 'there is no user böb', {
    metadata: { user: 'böb' },
    retryAfterMs: 1_250,
  });
};

describe('every shape of call', () => {
  test('answers', async () => {
    await using world = await echoWorld();
    const { client } = world;
    await expect(world.say(text('hällo'))).resolves.toEqual(text('hällo'));
    expect((await taken(client.count(text('', 100)))).messages).toHaveLength(100);
    await expect(
      new Promise((resolve, reject) => {
        const call = client.sum((error, response) => (error === null ? resolve(response) : reject(error)));
        for (const number of [1, 2, 3]) call.write(text('', number));
        call.end();
      }),
    ).resolves.toEqual(text('sum', 6));
    for (const method of ['chat', 'hotChat'] as const) {
      const call = client[method]();
      for (let number = 1; number <= 100; number++) call.write(text('', number));
      call.end();
      const { messages, status: end } = await taken(call);
      expect(messages.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
      expect(end.code).toBe(status.OK);
    }
    await eventually(() => world.server.open.calls === 0);
  });

  test('takes encoded bytes for an answer and sends them as they are', async () => {
    const bytes = encodeText(text('made once', 7));
    await using world = await echoWorld({
      say: () => new Uint8Array(bytes),
      count: async (_request, _context, out) => {
        out.write(bytes);
        out.write(Uint8Array.from(bytes));
      },
    });
    await expect(world.say(text(''))).resolves.toEqual(text('made once', 7));
    expect((await taken(world.client.count(text('')))).messages).toEqual([
      text('made once', 7),
      text('made once', 7),
    ]);
  });
});

describe('a refusal', () => {
  test('reaches the client with code, reason, metadata and time to wait, from every shape of call', async () => {
    await using world = await echoWorld({
      say: async () => refuse(),
      count: async () => refuse(),
      sum: async () => refuse(),
      chat: async () => refuse(),
      hotChat: { open: () => ({ onMessage: refuse, onEnd: () => {} }) },
    });
    const expected = { code: status.NOT_FOUND, details: 'there is no user böb' };
    await expect(world.say(text(''))).rejects.toMatchObject({
      name: 'Refusal',
      code: status.NOT_FOUND,
      reason: 'USER_UNKNOWN',
      message: 'there is no user böb',
      metadata: { user: 'böb' },
      retryAfterMs: 1_250,
    });
    expect((await taken(world.client.count(text('')))).status).toMatchObject(expected);
    expect((await taken(world.client.chat())).status).toMatchObject(expected);
    const hot = world.client.hotChat();
    hot.write(text(''));
    expect((await taken(hot)).status).toMatchObject(expected);
    await expect(
      new Promise((_, reject) => world.client.sum((error) => reject(error)).write(text(''))),
    ).rejects.toMatchObject(expected);
    expect(world.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('with half a surrogate pair or a novel for a sentence still arrives', async () => {
    await using world = await echoWorld({
      say: (request) => {
        throw new Refusal(status.ABORTED, 'ODD', request.number === 0 ? 'half \ud83d' : 'x'.repeat(100_000));
      },
    });
    await expect(world.say(text(''))).rejects.toMatchObject({ code: status.ABORTED, message: 'half \ufffd' });
    await expect(world.say(text('', 1))).rejects.toMatchObject({ code: status.ABORTED, reason: 'ODD' });
  });
});

describe('a throw in a handler is INTERNAL, is in the log, tells the client nothing and kills nobody', () => {
  const later = async (): Promise<never> => {
    await new Promise((resolve) => setImmediate(resolve));
    return boom();
  };

  test('unary, synchronous and asynchronous', async () => {
    await using world = await echoWorld({ say: ({ number }) => (number === 0 ? boom() : later()) });
    for (const number of [0, 1]) {
      await expect(world.say(text('', number))).rejects.toMatchObject({
        code: status.INTERNAL,
        reason: 'UNEXPECTED',
        message: expect.not.stringContaining('secret'),
      });
    }
    expect(world.log.lines.filter(({ message }) => message === 'a handler failed unexpectedly')).toHaveLength(
      2,
    );
  });

  test('streams, before and after the first await', async () => {
    await using world = await echoWorld({
      count: ({ number }) => (number === 0 ? boom() : later()),
      chat: boom,
      sum: later,
    });
    const { client } = world;
    const internal = { code: status.INTERNAL, details: expect.not.stringContaining('secret') };
    expect((await taken(client.count(text('', 0)))).status).toMatchObject(internal);
    expect((await taken(client.count(text('', 1)))).status).toMatchObject(internal);
    expect((await taken(client.chat())).status).toMatchObject(internal);
    await expect(new Promise((_, reject) => client.sum(reject))).rejects.toMatchObject(internal);
  });

  test('a throw while iterating over requests', async () => {
    await using world = await echoWorld({
      chat: async (requests) => {
        for await (const _ of requests) boom();
      },
    });
    const call = world.client.chat();
    call.write(text('1'));
    call.write(text('2'));
    expect((await taken(call)).status.code).toBe(status.INTERNAL);
  });

  test('every callback of the callback form', async () => {
    const quiet = { onMessage: () => {}, onEnd: () => {} };
    let closed = 0;
    await using world = await echoWorld({
      hotChat: {
        open: ({ metadata }, out) => {
          const [where] = metadata.get('throw-in');
          if (where === 'open') boom();
          if (where === 'onReady') {
            while (out.write(text('x'.repeat(100_000)))) {}
            return { ...quiet, onReady: boom };
          }
          const onClosed = (): void => {
            closed += 1;
            if (where === 'onClosed') boom();
          };
          if (where === 'onClosed') return { ...quiet, onEnd: () => out.end(), onClosed };
          return { ...quiet, [String(where)]: boom, onClosed };
        },
      },
    });
    const { Metadata } = await import('@grpc/grpc-js');
    const codes: Record<string, number> = {};
    for (const where of ['open', 'onMessage', 'onEnd', 'onReady', 'onClosed']) {
      const metadata = new Metadata();
      metadata.set('throw-in', where);
      const call = world.client.makeBidiStreamRequest(
        '/chassis.test.v1.EchoService/HotChat',
        encodeText,
        (bytes) => bytes as never,
        metadata,
      );
      call.write(text('1'));
      call.end();
      codes[where] = (await taken(call)).status.code;
    }
    expect(codes).toEqual({
      open: status.INTERNAL,
      onMessage: status.INTERNAL,
      onEnd: status.INTERNAL,
      onReady: status.INTERNAL,
      onClosed: status.OK,
    });
    await eventually(() => closed === 3);
  });

  test('an answer that cannot be encoded', async () => {
    await using world = await echoWorld({ say: async () => undefined as never });
    await expect(world.say(text(''))).rejects.toMatchObject({ code: status.INTERNAL });
    expect(world.log.lines.map(({ message }) => message)).toContain('an answer could not be encoded');
  });

  test('whatever happens after the end of a call', async () => {
    await using world = await echoWorld({
      hotChat: {
        open: (_context, out) => {
          out.end();
          out.end();
          out.fail(new Error('too late'));
          expect(out.write(text('too late'))).toBe(false);
          void out.ready();
          return { onMessage: boom, onEnd: boom };
        },
      },
    });
    const call = world.client.hotChat();
    call.write(text(''));
    const { status: end, messages } = await taken(call);
    expect([end.code, messages]).toEqual([status.OK, []]);
    expect(
      await callUnary(world.client.say.bind(world.client), text('lives'), { deadlineMs: 1_000 }),
    ).toEqual(text('lives'));
  });
});
