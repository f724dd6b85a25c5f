import { systemClock } from '@everline/chassis';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Client, Posted } from '../src/client.js';
import { Closed, Refused, Unknown } from '../src/errors.js';
import { eventually } from './support/eventually.js';
import { refusal } from './support/refuse.js';
import { World } from './support/world.js';

function many(client: Client, count: number): Promise<Posted[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => client.post(`p${index}`)));
}

describe('many posts of many callers at once', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
  });

  test('travel on one stream; the first few, and a few alone, are calls of their own', async () => {
    const client = await world.connectWarm();
    const posted = await many(client, 500);
    expect(posted.map(({ post }) => post.text)).toEqual(posted.map((_, index) => `p${index}`));
    expect(new Set(posted.map(({ post }) => post.seq)).size).toBe(500);
    expect(posted[499]).toMatchObject({ copies: 2, post: { author: 'u1' } });
    expect(world.a.posted).toBe(8);
    expect(world.a.opened).toHaveLength(1);
    // What comes together goes together.
    expect(world.a.messages).toBeLessThan(20);
  });

  test('one caller that posts in quick succession gets a stream, too', async () => {
    const client = await world.connectWarm();
    for (let count = 0; count < 20; count++) await client.post(`p${count}`);
    expect(world.journal.texts).toEqual(Array.from({ length: 20 }, (_, index) => `p${index}`));
    expect(world.a.posted).toBe(8);
    expect(world.a.opened).toHaveLength(1);
  });

  test('the stream is ended when none was posted for a while', async () => {
    const client = await world.connectWarm();
    await many(client, 50);
    expect(world.a.streams.size).toBe(1);
    await eventually(() => world.a.streams.size === 0, 'it is ended');
    const { posted } = world.a;
    await client.post('alone');
    expect(world.a.posted).toBe(posted + 1);
  });

  test('C1: all go on at the next master, each done once', async () => {
    const client = await world.connectWarm();
    let taken = 0;
    world.a.onStreamedPost = (postId, text) => {
      taken++;
      if (taken < 100) return 'go on';
      if (taken < 150) world.journal.append(postId, 'u1', text);
      if (taken === 200) {
        void world.a.front.kill();
        world.router.say(world.b.address, 2);
      }
      return 'taken';
    };
    const posted = await many(client, 400);
    expect(world.journal.posts).toHaveLength(400);
    expect(posted.map(({ post }) => post.text)).toEqual(posted.map((_, index) => `p${index}`));
  });

  test('where no stream is to be had they are calls of their own', async () => {
    let refusals = 0;
    world.a.onTimeline = (_open, stream) => {
      refusals++;
      world.a.streams.delete(stream);
      stream.emit('error', refusal('TOO_MANY_STREAMS'));
    };
    await many(await world.connectWarm(), 200);
    expect(world.journal.posts).toHaveLength(200);
    expect(refusals).toBe(1);
  });

  test('C4: a refused one is told to its own caller, and nobody else', async () => {
    const client = await world.connectWarm();
    world.a.onStreamedPost = (postId, text, stream) => {
      if (text !== 'p40') return 'go on';
      const value = { code: status.INVALID_ARGUMENT, reason: 'FIELD_INVALID', message: 'too long' };
      stream.write({
        response: { $case: 'posted', value: { postId, result: { $case: 'refusal', value }, copies: 0 } },
      });
      return 'taken';
    };
    const all = await Promise.allSettled(Array.from({ length: 60 }, (_, index) => client.post(`p${index}`)));
    const refused = all.flatMap((one, index) =>
      one.status === 'rejected' ? [{ index, reason: one.reason }] : [],
    );
    expect(refused).toMatchObject([{ index: 40, reason: { reason: 'FIELD_INVALID' } }]);
    expect(refused[0]?.reason).toBeInstanceOf(Refused);
  });

  test('C4: one whose answer does not come is unknown at its own deadline, and aborted by its own signal', async () => {
    const client = await world.connectWarm();
    world.a.onStreamedPost = (_id, text) => (text.startsWith('lost') ? 'taken' : 'go on');
    const abort = new AbortController();
    const others = many(client, 100);
    const lost = client.post('lost', { timeoutMs: 300 }).catch((error: unknown) => error);
    const aborted = client.post('lost, too', { signal: abort.signal }).catch((error: unknown) => error);
    await others;
    abort.abort(new Error('enough'));
    expect(await aborted).toMatchObject({ message: 'enough' });
    const error = await lost;
    expect(error).toBeInstanceOf(Unknown);
    expect((error as Unknown).message).toContain(`an answer of the master ${world.a.address}`);
  });

  test('C4: one that was sent on a stream, and then finds a full disk alone, stays unknown', async () => {
    const client = await world.connectWarm();
    world.a.onStreamedPost = (_id, text, stream) => {
      if (text !== 'p30') return 'go on';
      // The stream breaks, and there is no other.
      world.a.onTimeline = (_open, next) => next.emit('error', refusal('TOO_MANY_STREAMS'));
      world.a.onPost = (_call, done) => done(refusal('DISK_FULL'));
      stream.emit('error', refusal('NOT_AVAILABLE_MASTER'));
      world.a.streams.delete(stream);
      return 'taken';
    };
    const all = await Promise.allSettled(Array.from({ length: 60 }, (_, index) => client.post(`p${index}`)));
    expect(all[29]?.status).toBe('fulfilled');
    expect(all[30]).toMatchObject({ status: 'rejected', reason: { name: 'Unknown' } });
  });

  test('C1: one that was done on a stream that broke, and goes on alone, is done once', async () => {
    const client = await world.connectWarm();
    world.a.onStreamedPost = (postId, text, stream) => {
      if (text !== 'p30') return 'go on';
      world.journal.append(postId, 'u1', text);
      world.a.onTimeline = (_open, next) => next.emit('error', refusal('TOO_MANY_STREAMS'));
      stream.emit('error', refusal('NOT_AVAILABLE_MASTER'));
      world.a.streams.delete(stream);
      return 'taken';
    };
    await many(client, 60);
    expect(world.journal.posts).toHaveLength(60);
  });

  test('C4: one that was sent on two streams, and refused on the second, may have been done on the first', async () => {
    const client = await world.connectWarm();
    let broke = false;
    world.a.onStreamedPost = (postId, text, stream) => {
      if (text !== 'p30') return 'go on';
      if (broke) {
        const value = { code: status.RESOURCE_EXHAUSTED, reason: 'DISK_FULL', message: 'full' };
        const posted = { postId, result: { $case: 'refusal', value }, copies: 0 } as const;
        stream.write({ response: { $case: 'posted', value: posted } });
        return 'taken';
      }
      broke = true;
      world.a.onPost = (_call, done) => done(refusal('DISK_FULL'));
      stream.emit('error', refusal('NOT_AVAILABLE_MASTER'));
      world.a.streams.delete(stream);
      return 'taken';
    };
    const all = await Promise.allSettled(Array.from({ length: 60 }, (_, index) => client.post(`p${index}`)));
    expect(all[30]).toMatchObject({ status: 'rejected', reason: { name: 'Unknown' } });
  });

  test('close rejects them with Closed and leaves no stream', async () => {
    const client = await world.connectWarm();
    world.a.onStreamedPost = () => 'taken';
    world.a.onPost = () => {};
    const all = Promise.allSettled(Array.from({ length: 60 }, () => client.post('x')));
    await eventually(() => world.a.streams.size === 1, 'the stream is open');
    await systemClock.sleep(20);
    await client.close();
    for (const one of await all) expect((one as PromiseRejectedResult).reason).toBeInstanceOf(Closed);
    await eventually(() => world.a.front.connections === 0, 'no connection is left');
  });

  test('the same id at the same time is posted once, and both are told', async () => {
    const client = await world.connectWarm();
    const postId = '01890000-0000-7000-8000-000000000001';
    const [posted] = await Promise.all([
      Promise.all([client.post('same', { postId }), client.post('same', { postId })]),
      many(client, 100),
      Promise.all([client.post('same', { postId }), client.post('same', { postId })]),
    ]);
    expect(posted[0]?.post.seq).toBe(posted[1]?.post.seq);
    expect(world.journal.texts.filter((text) => text === 'same')).toHaveLength(1);
  });
});
