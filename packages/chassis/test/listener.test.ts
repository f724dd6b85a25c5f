import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { type Clock, systemClock } from '../src/clock.js';
import { type Listener, listen } from '../src/listener.js';
import { eventually } from './support/eventually.js';
import { manualClock } from './support/manual-clock.js';

const taken: { readonly socket: Socket; readonly said: string }[] = [];
const callers: Socket[] = [];
let listener: Listener;

async function open(clock: Clock = systemClock): Promise<void> {
  listener = await listen('127.0.0.1:0', {
    clock,
    maxConnections: 100,
    onDropped: () => {},
    onConnection: (socket) => void taken.push({ socket, said: String(socket.read()) }),
  });
}

async function call(): Promise<Socket> {
  const socket = connect(listener.port, '127.0.0.1');
  callers.push(socket);
  await once(socket, 'connect');
  return socket;
}

afterEach(async () => {
  for (const socket of callers.splice(0)) socket.destroy();
  taken.splice(0);
  const closed = listener.close();
  listener.destroy();
  await closed;
});

test('a connection is taken with its first word, and not before', async () => {
  await open();
  const silent = await call();
  const speaking = await call();
  speaking.write('hello');
  await eventually(() => taken.length === 1);
  expect(taken[0]?.said).toBe('hello');
  silent.write('me, too');
  await eventually(() => taken.length === 2);
  expect(taken[1]?.said).toBe('me, too');
});

test('one that leaves without a word is forgotten', async () => {
  await open();
  const silent = await call();
  await eventually(() => listener.connections === 1);
  silent.end();
  await eventually(() => listener.connections === 0);
  expect(taken).toEqual([]);
});

test('one that says nothing has 10 s; one that spoke may be silent for as long as it likes', async () => {
  const clock = manualClock();
  await open(clock);
  const speaking = await call();
  speaking.write('hello');
  await eventually(() => taken.length === 1);
  clock.advance(1);
  const silent = await call();
  await eventually(() => listener.connections === 2);
  clock.advance(9_999);
  expect(listener.connections).toBe(2);
  clock.advance(1);
  await once(silent, 'close');
  await eventually(() => listener.connections === 1);
  clock.advance(1_000_000);
  speaking.write(' again');
  await eventually(() => taken[0]?.socket.readableLength === 6);
});

test('a hundred that come at once are all taken', async () => {
  await open();
  const all = await Promise.all(Array.from({ length: 100 }, () => call()));
  for (const [index, socket] of all.entries()) socket.write(`${index}`);
  await eventually(() => taken.length === 100);
  expect(new Set(taken.map(({ said }) => said)).size).toBe(100);
});
