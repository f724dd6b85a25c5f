import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { systemClock as clock } from '../../src/clock.js';
import { type ControlState, controlAddress, readCard, watchControl } from '../../src/control/index.js';
import { prove } from '../../src/control/seal.js';
import { eventually, Stage } from './stage.js';

jest.setTimeout(30_000);

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage[Symbol.asyncDispose]());

/** A client without manners. */
function stranger(): Promise<Socket & { heard(): string }> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(controlAddress(stage.dir).path);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard += String(chunk);
      resolve(Object.assign(socket, { heard: () => heard }));
    });
  });
}

/** A client that proves the key, by hand. */
async function friend(): Promise<{ socket: Socket; heard(): string; greeted: Promise<unknown> }> {
  const socket = await stranger();
  const { nonce } = JSON.parse(socket.heard()) as { nonce: string };
  const proof = prove(readCard(stage.dir)?.key ?? '', 'client', nonce);
  socket.write(`${JSON.stringify({ type: 'greet', nonce: 'n', proof })}\n`);
  const greeted = eventually('it is welcome', () => socket.heard().includes('"welcome"'));
  return { socket, heard: () => socket.heard(), greeted };
}

describe('a link to a running process', () => {
  it('W1: tells who it is, W8: whether it is ready, and what it says of itself', async () => {
    const holder = stage.start();
    await stage.holds(holder);
    const link = await stage.link();
    expect(link.identity).toEqual(readCard(stage.dir)?.identity);
    expect(link.identity).toMatchObject({ pid: holder.pid, instance: `instance of ${holder.pid}` });
    expect(link.kind).toBe('holder');
    expect(link.state()).toEqual({ ready: true, facts: { masterId: 'm-1' } });
  });

  it('W8: tells every change at once', async () => {
    const control = await stage.open();
    const link = await stage.link();
    const states: ControlState[] = [];
    link.on({ onState: (state) => void states.push(state) });
    expect(link.state()).toEqual({ ready: false, facts: {} });
    control.update({ masterId: 'm-1' });
    control.ready({ port: 3011 });
    control.update({ masterId: 'm-2' });
    await eventually('all are told', () => states.length === 3);
    expect(states).toEqual([
      { ready: false, facts: { masterId: 'm-1' } },
      { ready: true, facts: { masterId: 'm-1', port: 3011 } },
      { ready: true, facts: { masterId: 'm-2', port: 3011 } },
    ]);
    expect(link.state()).toEqual(states[2]);
  });

  it('W8: tells what changed between its hello and the greeting', async () => {
    const control = await stage.open();
    const link = await stage.link('abstract', () => control.ready({ port: 3011 }));
    await eventually('it is told', () => link.state().ready && link.state().facts.port === 3011);
  });

  it('W4: a ping is answered, and by nobody while the process is frozen', async () => {
    const holder = stage.start();
    await stage.holds(holder);
    const link = await stage.link();
    let pongs = 0;
    link.on({ onPong: () => void pongs++ });
    link.ping();
    await eventually('it answers', () => pongs === 1);
    holder.process.kill('SIGSTOP');
    link.ping();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(pongs).toBe(1);
    holder.process.kill('SIGCONT');
    await eventually('it answers', () => pongs === 2);
  });

  it('W3: closes as soon as the process is killed, even a frozen one', async () => {
    const holder = stage.start();
    await stage.holds(holder);
    const link = await stage.link();
    const closed = new Promise<void>((resolve) => link.on({ onClosed: resolve }));
    holder.process.kill('SIGSTOP');
    holder.process.kill('SIGKILL');
    await closed;
    expect(link.closed).toBe(true);
    await expect(link.request('stop', {}, 1_000)).rejects.toThrow('hung up');
    // Who listens only now is told, too.
    await new Promise<void>((resolve) => link.on({ onClosed: resolve }));
  });

  it('carries requests: an answer, a sentence of refusal, and none in time', async () => {
    await stage.open({
      requests: {
        double: ({ number }) => ({ twice: Number(number) * 2 }),
        refuse: () => {
          throw new Error('not today');
        },
        dawdle: () => new Promise(() => undefined),
      },
    });
    const link = await stage.link();
    expect(await Promise.all([1, 2, 3].map((number) => link.request('double', { number }, 5_000)))).toEqual([
      { twice: 2 },
      { twice: 4 },
      { twice: 6 },
    ]);
    await expect(link.request('refuse', {}, 5_000)).rejects.toThrow('not today');
    await expect(link.request('toString', {}, 5_000)).rejects.toThrow('does not know the request toString');
    await expect(link.request('dawdle', {}, 20)).rejects.toThrow('no answer to dawdle within 20 ms');
  });

  it('W6: a stop request is a SIGTERM, or what the process made of it', async () => {
    const holder = stage.start();
    await stage.holds(holder);
    await (await stage.link()).request('stop', {}, 5_000).catch(() => undefined);
    expect(await holder.ended).toBe(0);
    expect(holder.said()).toContain('SIGTERM');
    let stopped = 0;
    await stage.open({ onStop: () => void stopped++ });
    await (await stage.link()).request('stop', {}, 5_000);
    expect(stopped).toBe(1);
  });

  it('tells its peer of events, and notices when it goes', async () => {
    const gone: string[] = [];
    await stage.open({
      requests: {
        greet: (_, peer) => {
          peer.onClosed(() => void gone.push('gone'));
          peer.tell('hello', { to: 'you' });
          return {};
        },
      },
    });
    const link = await stage.link();
    const events: unknown[] = [];
    link.on({ onEvent: (name, body) => void events.push([name, body]) });
    await link.request('greet', {}, 5_000);
    expect(events).toEqual([['hello', { to: 'you' }]]);
    link[Symbol.dispose]();
    await eventually('it notices', () => gone.length === 1);
  });
});

describe('hostile input on a control socket', () => {
  const rubbish: readonly (readonly [string, string | Buffer])[] = [
    ['no JSON', 'hello\n'],
    ['JSON that is no message', '[1,2,3]\n'],
    ['null', 'null\n'],
    ['bytes', Buffer.from([0, 255, 254, 10, 0, 10])],
    ['an endless line', Buffer.alloc(1_000_000, 'x')],
    ['a command without a greeting', '{"type":"request","id":1,"name":"stop","body":{}}\n'],
    ['a wrong proof', '{"type":"greet","nonce":"n","proof":"00"}\n'],
    ['a proof that is no string', '{"type":"greet","nonce":"n","proof":{"length":64}}\n'],
    ['a polluted object', '{"type":"greet","__proto__":{"proof":"x"},"nonce":1}\n'],
  ];
  for (const [what, bytes] of rubbish)
    it(`${what}: is cut off, obeyed in nothing, and harms nobody`, async () => {
      let stopped = 0;
      await stage.open({ onStop: () => void stopped++ });
      const friend = await stage.link();
      const foe = await stranger();
      const closed = new Promise((resolve) => foe.once('close', resolve));
      foe.write(bytes);
      await closed;
      expect(stopped).toBe(0);
      expect(foe.heard()).toContain('"type":"hello"');
      expect(foe.heard()).not.toContain('"type":"welcome"');
      await friend.request('stop', {}, 5_000);
      expect(stopped).toBe(1);
    });

  it('whatever strangers and friends send: nothing is obeyed that was not asked for, and the next good request is answered', async () => {
    let stopped = 0;
    await stage.open({ onStop: () => void stopped++ });
    const names = fc.oneof(fc.constantFrom('finish-rotation', 'toString', '__proto__', ''), fc.string());
    const message = fc.record(
      {
        type: fc.oneof(fc.constantFrom('request', 'ping', 'greet', 'state', 'hello'), fc.string()),
        id: fc.jsonValue(),
        name: names.filter((name) => name !== 'stop'),
        body: fc.jsonValue(),
        proof: fc.jsonValue(),
        nonce: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const line = fc.oneof(
      message.map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (lines) => {
        const foe = await stranger();
        const { socket, greeted } = await friend();
        await greeted;
        for (const one of [foe, socket]) one.write(`${lines.join('\n')}\n`);
        const link = await stage.link();
        await expect(link.request('nothing', {}, 5_000)).rejects.toThrow('does not know the request');
        link[Symbol.dispose]();
        foe.destroy();
        socket.destroy();
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 40) },
    );
    expect(stopped).toBe(0);
  });

  it('strangers who say nothing keep nobody out', async () => {
    await stage.open();
    const crowd = await Promise.all(Array.from({ length: 30 }, stranger));
    await stage.link();
    for (const one of crowd) one.destroy();
  });

  it('a friend who sends rubbish is cut off; messages of later releases are passed over', async () => {
    await stage.open();
    const { socket, heard, greeted } = await friend();
    await greeted;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('{"type":"dance"}\n{"type":"ping"}\n');
    await eventually('it is answered', () => heard().includes('"pong"'));
    socket.write('rubbish\n');
    await closed;
  });

  it('a peer that does not read is cut off, and costs no more than its bound', async () => {
    let cutOff = false;
    await stage.open({
      requests: {
        shout: (_, peer) => {
          peer.onClosed(() => {
            cutOff = true;
          });
          return { text: 'x'.repeat(50_000) };
        },
      },
    });
    const { socket, greeted } = await friend();
    await greeted;
    socket.pause();
    for (let id = 0; id < 100; id++)
      socket.write(`${JSON.stringify({ type: 'request', id, name: 'shout' })}\n`);
    await eventually('it is cut off', () => cutOff);
    socket.destroy();
  });
});

describe('an impostor on the name of the lock', () => {
  function impostor(answer: (line: string) => string): Promise<Disposable> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(answer('hello'));
      socket.on('data', (chunk) => socket.write(answer(String(chunk))));
    });
    return new Promise((resolve) => {
      server.listen(controlAddress(stage.dir).path, () =>
        resolve({ [Symbol.dispose]: () => server.close() }),
      );
    });
  }
  const hello = (pid: number): string =>
    `${JSON.stringify({ type: 'hello', version: 1, nonce: 'n', kind: 'master', ready: true, facts: {}, identity: { pid, startTime: '1', bootId: 'b', instance: 'i' } })}\n`;

  it('that cannot prove the key is believed in nothing: its pid could be anybody', async () => {
    const holder = stage.start();
    await stage.holds(holder);
    holder.process.kill('SIGKILL');
    await holder.ended;
    using _ = await impostor((line) => (line === 'hello' ? hello(1) : '{"type":"welcome","proof":"00"}\n'));
    expect(await watchControl({ dataDir: stage.dir, clock })).toEqual({ kind: 'unproved' });
  });

  it('of another release is left alone', async () => {
    using _ = await impostor(() => '{"type":"hello","version":2}\n');
    expect(await watchControl({ dataDir: stage.dir, clock })).toEqual({ kind: 'unproved' });
  });

  it('that hangs up is one that is ending', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(controlAddress(stage.dir).path, resolve));
    expect(await watchControl({ dataDir: stage.dir, clock })).toEqual({ kind: 'closed' });
    server.close();
  });
});
