import { systemClock } from '@everline/chassis';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Client } from '../src/client.js';
import { eventually } from './support/eventually.js';
import { refusal } from './support/refuse.js';
import { World } from './support/world.js';

/** Posts until `there` holds: that keeps the stream open, and lets it look around. */
async function postUntil(client: Client, there: () => boolean, what: string): Promise<number> {
  const endMs = systemClock.nowMs() + 15_000;
  for (let count = 0; ; count++) {
    if (there()) return count;
    if (systemClock.nowMs() > endMs) throw new Error(`not within 15 s: ${what}`);
    await client.post(`p${count}`);
  }
}

describe('a stream that lies ready at the next master', () => {
  let world: World;
  let client: Client;
  beforeEach(async () => {
    world = await World.start();
    client = await world.connectWarm();
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
  });

  const lies = (): Promise<number> => postUntil(client, () => world.b.lying.size === 1, 'one lies at b');

  test('takes the posts of a failover, and none has to be opened', async () => {
    const before = await lies();
    world.a.onStreamedPost = () => 'taken';
    const posts = Promise.all(Array.from({ length: 50 }, (_, index) => client.post(`q${index}`)));
    await eventually(() => world.a.messages > 0, 'some are on their way to a');
    void world.a.front.kill();
    world.router.say(world.b.address, 2);
    await posts;
    expect(world.journal.texts.slice(before)).toEqual(Array.from({ length: 50 }, (_, index) => `q${index}`));
    expect(world.b.opened).toEqual([]);
    expect(world.b.streams.size).toBe(1);
  });

  test('is written to before its master serves, and read when it does', async () => {
    await lies();
    world.a.onStreamedPost = () => 'taken';
    const [serve] = world.b.lying.values();
    world.b.lying.clear();
    world.router.say(world.b.address, 2);
    const post = client.post('early');
    await eventually(() => client.master?.epoch === 2, 'the client has moved');
    expect(world.journal.texts).not.toContain('early');
    serve?.();
    expect(await post).toMatchObject({ post: { text: 'early' } });
    expect(world.b.opened).toEqual([]);
  });

  test('lies at the first in the list, and there anew when that changes', async () => {
    const c = await world.another();
    await lies();
    world.router.masters = [world.a.address, c.address, world.b.address];
    world.router.say(world.a.address, 1);
    await postUntil(client, () => c.lying.size === 1, 'one lies at c');
    await eventually(() => world.b.lying.size === 0, 'that at b is ended');
  });

  test('is replaced when it has ended there', async () => {
    await lies();
    const [lying] = world.b.lying.keys();
    lying?.emit('error', refusal('SHUTTING_DOWN'));
    await eventually(() => world.b.lying.size === 0, 'it has ended');
    await lies();
    expect(world.b.lying.has(lying as never)).toBe(false);
  });

  test('is ended with the one it stands by for', async () => {
    await lies();
    await eventually(() => world.a.streams.size === 0, 'nobody posts: the stream is ended');
    await eventually(() => world.b.lying.size === 0, 'so is the other');
  });

  test('is not opened for those who only read', async () => {
    const reader = await world.connectWarm({ user: 'u2' });
    const timeline = reader.timeline();
    const reading = (async () => {
      for await (const _event of timeline) if (world.b.lying.size > 1) return;
    })();
    await lies();
    await postUntil(client, () => world.journal.posts.length > 200, 'the reader has read for a while');
    expect(world.b.lying.size).toBe(1);
    await reader.close();
    await reading.catch(() => undefined);
  });
});
