import { connect as connectHttp2, constants, type OutgoingHttpHeaders } from 'node:http2';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { encodeText, text } from './echo.js';
import { type EchoWorld, echoWorld, taken } from './echo-server.js';

const say = '/chassis.test.v1.EchoService/Say';
const chat = '/chassis.test.v1.EchoService/Chat';

interface Answer {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly status: number | undefined;
  readonly message: string;
}

/** One call by hand, over HTTP/2 alone. */
function raw(
  world: EchoWorld,
  path: string,
  body: Uint8Array,
  more: OutgoingHttpHeaders = {},
): Promise<Answer> {
  const session = connectHttp2(`http://${world.address}`);
  return new Promise((resolve, reject) => {
    session.on('error', reject);
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...more,
    });
    let headers: Record<string, unknown> = {};
    stream.on('response', (got) => {
      headers = { ...headers, ...got };
    });
    stream.on('trailers', (got) => {
      headers = { ...headers, ...got };
    });
    stream.on('error', () => {});
    stream.on('close', () => {
      session.destroy();
      const code = headers['grpc-status'];
      resolve({
        headers,
        status: code === undefined ? undefined : Number(code),
        message: String(headers['grpc-message'] ?? '').replaceAll('%20', ' '),
      });
    });
    stream.resume();
    stream.end(body);
  });
}

function framed(message: Uint8Array, compressed = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed, 0);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

async function stillServes(world: EchoWorld): Promise<void> {
  await expect(world.say(text('lives'))).resolves.toEqual(text('lives'));
}

describe('what is no request of ours is refused, and the process lives', () => {
  test('garbage on the port', async () => {
    await using world = await echoWorld();
    for (const garbage of [
      'GET / HTTP/1.1\r\n\r\n',
      '\x16\x03\x01\x02\x00',
      'x'.repeat(100_000),
      '\0'.repeat(64),
    ]) {
      const socket = connect(world.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.resume();
      socket.write(garbage);
      await new Promise((resolve) => socket.on('close', resolve));
    }
    // A valid beginning, then a frame that cannot be.
    const socket = connect(world.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    socket.write(Buffer.from('ffffff04ffffffffffffffff', 'hex'));
    await new Promise((resolve) => socket.on('close', resolve));
    await eventually(() => world.server.open.connections <= 1);
    await stillServes(world);
  });

  test('a request that is larger than the limit is RESOURCE_EXHAUSTED, alone and in a stream', async () => {
    await using world = await echoWorld({}, { limits: { maxMessageBytes: 1_000 } });
    const large = text('x'.repeat(1_001));
    await expect(world.say(large)).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    const call = world.client.chat();
    const answers = taken(call, () => call.write(large));
    call.write(text('small'));
    expect((await answers).status.code).toBe(status.RESOURCE_EXHAUSTED);
    await eventually(() => world.server.open.streams === 0);
    await stillServes(world);
  });

  test('a compressed request that unpacks beyond the limit is RESOURCE_EXHAUSTED', async () => {
    await using world = await echoWorld({}, { limits: { maxMessageBytes: 10_000 } });
    const bomb = gzipSync(encodeText(text('x'.repeat(1_000_000))));
    expect(bomb.length).toBeLessThan(10_000);
    const answer = await raw(world, say, framed(bomb, 1), { 'grpc-encoding': 'gzip' });
    expect(answer.status).toBe(status.RESOURCE_EXHAUSTED);
    expect(
      (await raw(world, say, framed(Buffer.from('no gzip'), 1), { 'grpc-encoding': 'gzip' })).status,
    ).toBe(status.INTERNAL);
    await stillServes(world);
  });

  test.each([
    ['a string', Buffer.from('0a04f0288c28', 'hex')],
    ['a string of a nested message', Buffer.from('1a060a04f0288c28', 'hex')],
    ['a long string', Buffer.concat([Buffer.from([0x0a, 0xe8, 0x07]), Buffer.alloc(1_000, 0xc3)])],
  ])('%s that is not UTF-8 is INVALID_ARGUMENT, alone and in a stream', async (_, bytes) => {
    await using world = await echoWorld();
    for (const path of [
      say,
      chat,
      '/chassis.test.v1.EchoService/Count',
      '/chassis.test.v1.EchoService/HotChat',
    ]) {
      const answer = await raw(world, path, framed(bytes));
      expect([path, answer.status, answer.message]).toEqual([
        path,
        status.INVALID_ARGUMENT,
        'a string in the request is not valid UTF-8',
      ]);
    }
    await stillServes(world);
  });

  test('text that is unusual but valid passes', async () => {
    await using world = await echoWorld();
    for (const value of ['\ufeffmark', '\ufffd', '𝔘𝔫𝔦 👩‍👩‍👧', '\u0000', 'ä'.repeat(500)])
      await expect(world.say(text(value))).resolves.toEqual(text(value));
  });

  test('bytes that are no message are INVALID_ARGUMENT', async () => {
    await using world = await echoWorld();
    for (const hex of ['ff', '0aff01', '0a7f41', '1a0a0a', '80808080808080808080808080', '07']) {
      const answer = await raw(world, say, framed(Buffer.from(hex, 'hex')));
      expect([hex, answer.status]).toEqual([hex, status.INVALID_ARGUMENT]);
    }
    await stillServes(world);
  });

  test('methods and services that are not there are UNIMPLEMENTED, whatever their names', async () => {
    await using world = await echoWorld();
    for (const path of [
      '/chassis.test.v1.EchoService/Shout',
      '/x',
      '/',
      '/__proto__',
      '/%ff%00',
      '/ü\u00ff',
      `/${'x'.repeat(8_000)}`,
    ])
      expect([path, (await raw(world, path, framed(encodeText(text(''))))).status]).toEqual([
        path,
        status.UNIMPLEMENTED,
      ]);
    await stillServes(world);
  });

  test('no message at all, two for one, half a message, another content type, a mad deadline', async () => {
    await using world = await echoWorld();
    const one = framed(encodeText(text('1')));
    expect((await raw(world, say, Buffer.alloc(0))).status).toBe(status.UNIMPLEMENTED);
    expect((await raw(world, say, Buffer.concat([one, one]))).status).toBe(status.UNIMPLEMENTED);
    expect((await raw(world, say, one.subarray(0, 6))).status).toBe(status.UNIMPLEMENTED);
    expect(
      (await raw(world, say, one, { 'content-type': 'text/html' })).headers[constants.HTTP2_HEADER_STATUS],
    ).toBe(415);
    expect((await raw(world, say, one, { 'grpc-timeout': 'soon' })).status).toBe(status.INTERNAL);
    expect((await raw(world, say, one, { 'grpc-timeout': '99999999999H' })).status).toBeDefined();
    expect(
      (await raw(world, say, framed(encodeText(text('1')), 1), { 'grpc-encoding': 'brotli' })).status,
    ).toBe(status.UNIMPLEMENTED);
    await stillServes(world);
  });

  test('clients that vanish in the middle of everything', async () => {
    await using world = await echoWorld({
      chat: async (requests, _context, out) => {
        for await (const request of requests) for (let i = 0; i < 100; i++) out.write(request);
      },
    });
    for (let i = 0; i < 20; i++) {
      const session = connectHttp2(`http://${world.address}`);
      session.on('error', () => {});
      const stream = session.request({
        ':method': 'POST',
        ':path': chat,
        'content-type': 'application/grpc',
      });
      stream.on('error', () => {});
      stream.write(framed(encodeText(text('x'.repeat(10_000)))));
      await new Promise((resolve) =>
        i % 2 === 0 ? stream.once('response', resolve) : session.once('connect', resolve),
      );
      if (i % 3 === 0) stream.close(constants.NGHTTP2_CANCEL);
      session.destroy();
    }
    await eventually(() => world.server.open.streams === 0 && world.server.open.connections === 0);
    await stillServes(world);
    expect(world.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
