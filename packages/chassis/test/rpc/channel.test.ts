import { type ChildProcess, fork } from 'node:child_process';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer, type Socket } from 'node:net';
import { Client, credentials, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { callUnary, openChannel, RpcFailed } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { EchoClient, text } from './echo.js';
import { echoWorld, taken } from './echo-server.js';

// Processes start slowly on a busy machine.
jest.setTimeout(30_000);

const children: ChildProcess[] = [];

/** A server in a process of its own, to be stopped and killed. Port 0: the system chooses. */
async function peer(
  port = 0,
): Promise<{ readonly child: ChildProcess; readonly address: string; readonly port: number }> {
  const child = fork(new URL('./peer.js', import.meta.url), [String(port)], { execArgv: [] });
  children.push(child);
  const bound = await new Promise<number>((resolve) =>
    child.once('message', (message) => resolve(Number(message))),
  );
  return { child, address: `127.0.0.1:${bound}`, port: bound };
}

function elapsed(): () => number {
  const beginMs = performance.now();
  return () => performance.now() - beginMs;
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('a channel', () => {
  test('tells its way from idle to ready to closed, and a disposal is no break', async () => {
    await using world = await echoWorld();
    const channel = openChannel(world.address);
    let broken = false;
    channel.onBroken(() => {
      broken = true;
    });
    expect(channel.state()).toBe('idle');
    const ready = channel.ready(2_000);
    await ready;
    expect(channel.state()).toBe('ready');
    await channel.ready(0);
    channel[Symbol.dispose]();
    channel[Symbol.dispose]();
    expect(channel.state()).toBe('closed');
    await expect(channel.ready(1_000)).rejects.toMatchObject({ code: status.UNAVAILABLE });
    await new Promise((resolve) => setImmediate(resolve));
    expect(broken).toBe(false);
  });

  test('that is disposed in the turn in which it began to dial leaves no connection behind', async () => {
    const sockets = new Set<Socket>();
    const server = createHttp2Server();
    server.on('connection', (socket: Socket) =>
      sockets.add(socket.on('close', () => sockets.delete(socket))),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    const address = `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
    const asked = openChannel(address);
    const ready = asked.ready(5_000);
    asked[Symbol.dispose]();
    const called = openChannel(address);
    const client = called.client(EchoClient);
    const call = callUnary(client.say.bind(client), text(''), { deadlineMs: 5_000 });
    called[Symbol.dispose]();
    await expect(ready).rejects.toMatchObject({ code: status.UNAVAILABLE });
    await expect(call).rejects.toMatchObject({ code: status.UNAVAILABLE });
    {
      // Dialled after them: where this one is through, they are, too.
      using later = openChannel(address);
      await later.ready(5_000);
      await eventually(() => sockets.size === 1);
    }
    await eventually(() => sockets.size === 0);
    server.close();
  });

  test('that broke and was disposed dials no more: a peer that comes back then hears nothing of it', async () => {
    const server = createHttp2Server();
    const listening = async (port: number): Promise<number> => {
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      const bound = server.address();
      return typeof bound === 'object' && bound !== null ? bound.port : 0;
    };
    const port = await listening(0);
    await new Promise((resolve) => server.close(resolve));
    const address = `127.0.0.1:${port}`;
    // The back-off of grpc-js is a second, give or take a fifth of it; the one of this channel, which nobody disposes of, ends later.
    const witness = new Client(address, credentials.createInsecure(), {
      'grpc.initial_reconnect_backoff_ms': 2_000,
    });
    witness.getChannel().getConnectivityState(true);
    for (let nth = 0; nth < 5; nth++) {
      using channel = openChannel(address);
      await expect(channel.ready(5_000)).rejects.toMatchObject({ code: status.UNAVAILABLE });
    }
    let connections = 0;
    server.on('connection', () => connections++);
    await listening(port);
    await new Promise<void>((resolve, reject) =>
      witness.waitForReady(Date.now() + 20_000, (error) => (error ? reject(error) : resolve())),
    );
    expect(connections).toBe(1);
    witness.close();
    server.close();
  });

  test('to nobody breaks at once, for ready, for calls, and for those who ask later', async () => {
    using channel = openChannel('127.0.0.1:1');
    await expect(channel.ready(5_000)).rejects.toMatchObject({ name: 'RpcFailed', code: status.UNAVAILABLE });
    expect(channel.state()).toBe('broken');
    await new Promise<void>((resolve) => void channel.onBroken(resolve));
    const client = channel.client(EchoClient);
    await expect(callUnary(client.say.bind(client), text(''), { deadlineMs: 5_000 })).rejects.toMatchObject({
      code: status.UNAVAILABLE,
    });
  });

  test('to a peer that accepts and says nothing is not ready within the deadline, and a call ends with its own', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket.on('error', () => {}))).listen(
      0,
      '127.0.0.1',
    );
    await new Promise((resolve) => server.once('listening', resolve));
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    using channel = openChannel(`127.0.0.1:${port}`);
    await expect(channel.ready(100)).rejects.toMatchObject({
      name: 'RpcFailed',
      code: status.DEADLINE_EXCEEDED,
    });
    const client = channel.client(EchoClient);
    await expect(callUnary(client.say.bind(client), text(''), { deadlineMs: 100 })).rejects.toMatchObject({
      code: status.DEADLINE_EXCEEDED,
    });
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  test('to a stopped process: the call ends with its deadline, and a ping breaks the channel', async () => {
    const { child, address } = await peer();
    using channel = openChannel(address, { keepaliveMs: 100, keepaliveTimeoutMs: 100 });
    const client = channel.client(EchoClient);
    const say = client.say.bind(client);
    await callUnary(say, text(''), { deadlineMs: 5_000 });
    let broken = false;
    channel.onBroken(() => {
      broken = true;
    });
    child.kill('SIGSTOP');
    await expect(callUnary(say, text(''), { deadlineMs: 50 })).rejects.toMatchObject({
      name: 'RpcFailed',
      code: expect.any(Number),
    });
    await eventually(() => broken);
  });

  test('to a killed process breaks within moments, calls in flight fail, and a fresh channel reaches the next one at once', async () => {
    const { child, address, port } = await peer();
    const channel = openChannel(address);
    const client = channel.client(EchoClient);
    await callUnary(client.say.bind(client), text(''), { deadlineMs: 5_000 });
    const hanging = callUnary(client.say.bind(client), text('hang'), { deadlineMs: 5_000 });
    const broken = new Promise<void>((resolve) => void channel.onBroken(resolve));
    child.kill('SIGKILL');
    await expect(hanging).rejects.toMatchObject({ name: 'RpcFailed', code: status.UNAVAILABLE });
    await broken;
    channel[Symbol.dispose]();
    using refused = openChannel(address);
    await expect(refused.ready(5_000)).rejects.toBeInstanceOf(RpcFailed);

    await peer(port);
    const again = elapsed();
    using fresh = openChannel(address);
    await fresh.ready(5_000);
    const next = fresh.client(EchoClient);
    await callUnary(next.say.bind(next), text(''), { deadlineMs: 5_000 });
    // A channel from the shared pool would sit out a second of backoff here.
    expect(again()).toBeLessThan(750);
  });
});

describe('callUnary', () => {
  test('and streams on a channel that is disposed end with UNAVAILABLE at once', async () => {
    await using world = await echoWorld({ say: () => new Promise(() => {}) });
    const channel = openChannel(world.address);
    const client = channel.client(EchoClient);
    const call = callUnary(client.say.bind(client), text(''), { deadlineMs: 5_000 });
    await eventually(() => world.server.open.calls === 1);
    const stream = taken(client.hotChat());
    await eventually(() => world.server.open.streams === 1);
    channel[Symbol.dispose]();
    await expect(call).rejects.toMatchObject({ name: 'RpcFailed', code: status.UNAVAILABLE });
    expect((await stream).status.code).toBe(status.UNAVAILABLE);
    await expect(callUnary(client.say.bind(client), text(''), { deadlineMs: 5_000 })).rejects.toMatchObject({
      name: 'RpcFailed',
      code: status.UNAVAILABLE,
    });
  });

  test('ends with CANCELLED and the cause when its signal aborts, before the call and in it', async () => {
    await using world = await echoWorld({ say: () => new Promise(() => {}) });
    const say = world.client.say.bind(world.client);
    const abort = new AbortController();
    const call = callUnary(say, text(''), { deadlineMs: 5_000, signal: abort.signal });
    await eventually(() => world.server.open.calls === 1);
    abort.abort('enough');
    const cancelled = { name: 'RpcFailed', code: status.CANCELLED, cause: 'enough' };
    await expect(call).rejects.toMatchObject(cancelled);
    await expect(callUnary(say, text(''), { deadlineMs: 5_000, signal: abort.signal })).rejects.toMatchObject(
      cancelled,
    );
  });

  test('of a foreign server that gives no reason is RpcFailed with its code', async () => {
    await using world = await echoWorld();
    const { client } = world;
    await expect(
      callUnary(
        (request: unknown, metadata, options, callback) =>
          client.makeUnaryRequest(
            '/no.Such/Method',
            () => Buffer.alloc(0),
            () => undefined,
            request,
            metadata,
            options,
            (error, value) => callback(error, value),
          ),
        {},
        { deadlineMs: 5_000 },
      ),
    ).rejects.toMatchObject({
      name: 'RpcFailed',
      code: status.UNIMPLEMENTED,
      details: expect.stringContaining('Method'),
    });
  });
});
