import { systemClock } from '@everline/chassis';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Unknown, Unreachable } from '../src/errors.js';
import type { PostDraft, PostOutcome } from '../src/posting/outcome.js';
import { ends } from './support/ends.js';
import { eventually } from './support/eventually.js';
import { refusal } from './support/refuse.js';
import { World } from './support/world.js';

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `p${index + 1}`);
}

async function all(outcomes: AsyncIterable<PostOutcome>): Promise<PostOutcome[]> {
  const taken: PostOutcome[] = [];
  for await (const outcome of outcomes) taken.push(outcome);
  return taken;
}

function textOf(outcome: PostOutcome): string {
  return outcome.kind === 'posted' ? outcome.post.text : outcome.text;
}

describe('many posts in order', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
  });

  test('are posted in order, several on their way at once, and told in order', async () => {
    const client = world.connect();
    const outcomes = await all(client.posts(names(500)));
    expect(world.journal.texts).toEqual(names(500));
    expect(outcomes.map(textOf)).toEqual(names(500));
    expect(outcomes[0]).toMatchObject({ kind: 'posted', post: { author: 'u1', seq: 1 }, copies: 2 });
    expect(world.a.opened).toEqual([
      {
        username: 'u1',
        after: '',
        recent: -1,
        includeOwn: false,
        sessionId: '',
        onlyPosts: true,
        ahead: false,
      },
    ]);
  });

  test('no more are on their way than asked for', async () => {
    const waiting: (() => void)[] = [];
    world.a.onStreamedPost = (postId, text, stream) => {
      const post = world.journal.append(postId, 'u1', text);
      waiting.push(() =>
        stream.write({
          response: { $case: 'posted', value: { postId, result: { $case: 'post', value: post }, copies: 1 } },
        }),
      );
      return 'taken';
    };
    const posting = all(world.connect().posts(names(10), { inFlight: 3 }));
    await eventually(() => waiting.length === 3, 'three are on their way');
    await systemClock.sleep(50);
    expect(waiting).toHaveLength(3);
    for (let count = 0; count < 10; count++) {
      await eventually(() => waiting.length > count, 'the next comes');
      waiting[count]?.();
    }
    expect(await posting).toHaveLength(10);
  });

  test('are told as soon as they are posted, while the source waits for its next line', async () => {
    let more: ((draft: string) => void) | undefined;
    async function* lines(): AsyncGenerator<PostDraft> {
      yield 'first';
      yield await new Promise<string>((resolve) => {
        more = resolve;
      });
    }
    const iterator = world.connect().posts(lines())[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toMatchObject({ post: { text: 'first' } });
    await eventually(() => more !== undefined, 'the source waits');
    more?.('second');
    expect((await iterator.next()).value).toMatchObject({ post: { text: 'second' } });
    expect((await iterator.next()).done).toBe(true);
  });

  test('keep their order and come once when the master is killed in the middle, whatever it had taken', async () => {
    const client = await world.connectWarm();
    let taken = 0;
    world.a.onStreamedPost = (postId, text) => {
      taken++;
      // Takes a few without an answer, then dies.
      if (taken < 40) return 'go on';
      if (taken < 50) world.journal.append(postId, 'u1', text);
      if (taken === 55) {
        void world.a.front.kill();
        world.router.say(world.b.address, 2);
      }
      return 'taken';
    };
    const outcomes = await all(client.posts(names(300)));
    expect(world.journal.texts).toEqual(names(300));
    expect(outcomes.map(textOf)).toEqual(names(300));
  });

  test('keep their order over five failovers', async () => {
    const client = await world.connectWarm();
    const masters = [world.a, world.b];
    let epoch = 1;
    async function* lines(): AsyncGenerator<PostDraft> {
      for (const [index, name] of names(600).entries()) {
        yield name;
        if (index % 100 !== 50) continue;
        const [old, next] = [masters[(epoch + 1) % 2], masters[epoch % 2]] as [
          typeof world.a,
          typeof world.a,
        ];
        epoch++;
        await old.front.kill();
        world.router.say(next.address, epoch);
        await eventually(() => client.master?.epoch === epoch, 'moved');
        await old.front.revive();
      }
    }
    const outcomes = await all(client.posts(lines()));
    expect(world.journal.texts).toEqual(names(600));
    expect(outcomes.map(textOf)).toEqual(names(600));
  });

  test('a hung master that wakes up later and reads what was sent to it changes nothing', async () => {
    const client = await world.connectWarm();
    let taken = 0;
    world.a.onStreamedPost = () => {
      if (++taken === 20) world.a.front.freeze();
      return 'go on';
    };
    const posting = all(client.posts(names(100)));
    await eventually(() => taken >= 20, 'it hangs');
    await systemClock.sleep(20);
    world.router.say(world.b.address, 2);
    await posting;
    world.a.front.thaw();
    await systemClock.sleep(50);
    expect(world.journal.texts).toEqual(names(100));
  });

  test('a refused post is told in its place, and those after it are posted', async () => {
    world.a.onStreamedPost = (postId, text, stream) => {
      if (text !== 'p2') return 'go on';
      const value = { code: status.INVALID_ARGUMENT, reason: 'FIELD_INVALID', message: 'too long' };
      stream.write({
        response: { $case: 'posted', value: { postId, result: { $case: 'refusal', value }, copies: 0 } },
      });
      return 'taken';
    };
    const outcomes = await all(world.connect().posts(names(4)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['posted', 'refused', 'posted', 'posted']);
    expect(outcomes[1]).toMatchObject({
      text: 'p2',
      error: { reason: 'FIELD_INVALID', message: 'too long' },
    });
    expect(world.journal.texts).toEqual(['p1', 'p3', 'p4']);
  });

  test('half a character is refused here, before it could be posted as another', async () => {
    const client = world.connect();
    await expect(client.post('half \ud83d')).rejects.toMatchObject({
      name: 'Refused',
      reason: 'FIELD_INVALID',
    });
    const outcomes = await all(client.posts(['p1', 'half \ud83d', 'p2 \ud83d\ude00']));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['posted', 'refused', 'posted']);
    expect(world.journal.texts).toEqual(['p1', 'p2 \ud83d\ude00']);
  });

  test('a refusal that passes ends the stream, and everything is sent again from there', async () => {
    let refusals = 0;
    world.a.onStreamedPost = (_postId, text, stream) => {
      if (text !== 'p50' || refusals >= 3) return 'go on';
      refusals++;
      world.a.streams.delete(stream);
      stream.emit('error', refusal('BELOW_MIN_IN_SYNC'));
      return 'taken';
    };
    const outcomes = await all(world.connect().posts(names(100)));
    expect(refusals).toBe(3);
    expect(outcomes.map(textOf)).toEqual(names(100));
    expect(world.journal.texts).toEqual(names(100));
  });

  test('without a stream to be had they are posted one by one, in order, until there is one', async () => {
    let refusals = 0;
    world.a.onTimeline = (open, stream) => {
      if (++refusals > 5) return world.a.serve(open, stream);
      world.a.streams.delete(stream);
      stream.emit('error', refusal('TOO_MANY_STREAMS'));
    };
    await all(world.connect().posts(names(200)));
    expect(world.journal.texts).toEqual(names(200));
    expect(world.a.posted).toBeGreaterThan(0);
  });

  test('an id kept from an earlier run is not posted again', async () => {
    const client = world.connect();
    const postId = '01890000-0000-7000-8000-000000000001';
    await client.post('p1', { postId });
    const outcomes = await all(client.posts([{ text: 'p1', postId }, 'p2']));
    expect(outcomes).toMatchObject([{ post: { seq: 1 } }, { post: { seq: 2 } }]);
    expect(world.journal.texts).toEqual(['p1', 'p2']);
  });

  test('C4: at the first whose outcome does not come it stops with its id', async () => {
    const client = await world.connectWarm({ timeoutMs: 400 });
    world.a.onStreamedPost = (_id, text) => (text === 'p3' ? 'taken' : 'go on');
    const iterator = client.posts(['p1', 'p2', 'p3'])[Symbol.asyncIterator]();
    const [first, second] = [await iterator.next(), await iterator.next()];
    expect([first.value, second.value]).toMatchObject([{ kind: 'posted' }, { kind: 'posted' }]);
    const error = await iterator.next().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unknown);
    expect((error as Unknown).message).toContain('an answer of the master');
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test('C4: with nobody to send them to none was done', async () => {
    world.router.say('', 1);
    expect(await ends(all(world.connect({ timeoutMs: 200 }).posts(['p1'])))).toBeInstanceOf(Unreachable);
  });

  test('a source that fails is told as it is, after the outcome of all that came before', async () => {
    async function* lines(): AsyncGenerator<PostDraft> {
      yield* names(20);
      throw new Error('the pipe broke');
    }
    const iterator = world.connect().posts(lines())[Symbol.asyncIterator]();
    for (const name of names(20))
      expect((await iterator.next()).value).toMatchObject({ post: { text: name } });
    await expect(iterator.next()).rejects.toThrow('the pipe broke');
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test('leaving the loop ends the source and the stream', async () => {
    let ended = false;
    async function* lines(): AsyncGenerator<PostDraft> {
      try {
        for (const name of names(1_000)) yield name;
      } finally {
        ended = true;
      }
    }
    for await (const outcome of world.connect().posts(lines())) {
      if (textOf(outcome) === 'p10') break;
    }
    await eventually(() => ended, 'the source is ended');
    await eventually(() => world.a.streams.size === 0, 'the stream is ended');
    expect(world.journal.texts).toEqual(names(world.journal.posts.length));
  });
});
