import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@everline/chassis';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Closed } from '../src/errors.js';
import { eventually } from './support/eventually.js';
import { World } from './support/world.js';

const child = fileURLToPath(new URL('./support/child.js', import.meta.url));

describe('close', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
  });

  test('rejects open calls and streams with Closed, and later ones, too', async () => {
    const client = await world.connectWarm();
    world.a.onPost = () => {};
    const posting = client.post('hello').catch((thrown: unknown) => thrown);
    const iterator = client.timeline()[Symbol.asyncIterator]();
    const reading = (async () => {
      for (;;) if ((await iterator.next()).done === true) return 'done';
    })().catch((thrown: unknown) => thrown);
    await eventually(() => world.a.streams.size === 1 && world.a.posted === 1, 'both are open');
    await client.close();
    expect(await posting).toBeInstanceOf(Closed);
    expect(await reading).toBeInstanceOf(Closed);
    await expect(client.list()).rejects.toBeInstanceOf(Closed);
    await expect(client.cluster()).rejects.toBeInstanceOf(Closed);
    await expect(client.timeline()[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(Closed);
    await client.close();
  });

  test('leaves no connection', async () => {
    const client = await world.connectWarm();
    await client.post('hello');
    await client.close();
    const { router, a, b } = world;
    await eventually(
      () => [router, a, b].every(({ front }) => front.connections === 0),
      'no connection is left',
    );
  });

  test('is not needed for a connection that was left when the role moved: it ends by itself', async () => {
    const client = await world.connectWarm();
    await client.post('hello');
    world.router.masters = [world.b.address];
    world.router.say(world.b.address, 2);
    await client.post('on');
    await eventually(() => world.a.front.connections === 0, 'none is left to the one that serves no more');
    expect(client.master?.address).toBe(world.b.address);
  });

  test.each(['close', 'abort'])('by %s lets the process exit by itself', async (how) => {
    const { code, said } = await run(world.router.address, how);
    expect(code).toBe(0);
    expect(said).toEqual(expect.arrayContaining(['posted', 'Closed']));
  });

  test('lets the process exit by itself when nobody was ever reached', async () => {
    await world.router.front.kill();
    const { code } = await run(world.router.address, 'unreachable');
    expect(code).toBe(0);
  });
});

async function run(routers: string, how: string): Promise<{ code: number | null; said: unknown[] }> {
  const said: unknown[] = [];
  const running = fork(child, [routers, how], { execArgv: ['--enable-source-maps'] });
  running.on('message', (message) => said.push(message));
  const late = systemClock.after(10_000, () => running.kill('SIGKILL'));
  const code = await new Promise<number | null>((resolve) => running.once('exit', resolve));
  late();
  return { code, said };
}
