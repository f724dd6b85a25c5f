import { type Clock, systemClock } from '@everline/chassis';
import type { PostRequest, PostResponse } from '@everline/contracts';
import { type sendUnaryData, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Refused, Unknown, Unreachable } from '../src/errors.js';
import { ends } from './support/ends.js';
import { eventually } from './support/eventually.js';
import { refusal } from './support/refuse.js';
import { World } from './support/world.js';

const uuidv7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The deadline of a try is told to gRPC by the wall clock: with this one none is over before the call is. */
const noTryEnds: Clock = { ...systemClock, wallMs: () => systemClock.wallMs() + 3_600_000 };

describe('a call', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
  });

  test('finds the master through the router and is done', async () => {
    const client = world.connect();
    const { post, copies } = await client.post('hello');
    expect(post).toMatchObject({ author: 'u1', text: 'hello', seq: 1, postedAtMs: 1_001_005 });
    expect(post.postId).toMatch(uuidv7);
    expect(copies).toBe(2);
    expect(client.master).toEqual({ address: world.a.address, epoch: 1 });
  });

  test('gets all pages of a list', async () => {
    expect(await world.connect().list()).toEqual({
      allUsers: ['u1', 'u2', 'u3'],
      followers: [],
      following: [],
    });
  });

  test('C1, C4: when its master is killed in the middle, it goes on at the next with the same id, and is done once', async () => {
    const client = await world.connectWarm();
    world.a.onPost = (call) => {
      // Committed, and never answered.
      world.journal.append(call.request.postId, call.request.username, call.request.text);
      void world.a.front.kill();
      world.router.say(world.b.address, 2);
    };
    const { post } = await client.post('hello');
    expect(post.seq).toBe(1);
    expect(world.journal.texts).toEqual(['hello']);
    expect(world.journal.arrivals.get(post.postId)).toBe(2);
    expect(client.master).toEqual({ address: world.b.address, epoch: 2 });
    await eventually(() => world.moves.length === 1, 'onMoved is called');
    expect(world.moves[0]).toMatchObject({ address: world.b.address, epoch: 2 });
  });

  test('goes to the new master as soon as it is pushed, on the connection that was kept warm', async () => {
    const client = await world.connectWarm({}, { clock: noTryEnds });
    await client.post('warm-up');
    const accepted = world.b.front.accepted;
    world.a.onPost = () => {
      world.a.front.freeze();
      world.router.say(world.b.address, 2);
    };
    expect((await client.post('hello')).post.text).toBe('hello');
    expect(world.b.posted).toBe(1);
    expect(world.b.front.accepted).toBe(accepted);
  });

  test('C5: a hung master does not eat the deadline: the try ends as soon as another master is named', async () => {
    const client = await world.connectWarm({}, { clock: noTryEnds });
    world.a.front.freeze();
    const posting = client.post('hello');
    await systemClock.sleep(50);
    world.router.say(world.b.address, 2);
    await posting;
    expect(world.journal.texts).toEqual(['hello']);
  });

  test('C5: with nobody to move to, a hung master is tried again on a new connection until it wakes up', async () => {
    const client = await world.connectWarm({ timeoutMs: 8_000 });
    world.a.front.freeze();
    const accepted = world.a.front.accepted;
    const posting = client.post('hello');
    await eventually(() => world.a.front.accepted > accepted, 'the connection was thrown away');
    world.a.front.thaw();
    expect((await posting).post.text).toBe('hello');
  });

  test('moves on the address that a refusing master names, before the router says anything', async () => {
    const client = await world.connectWarm();
    world.a.available = false;
    world.a.hint = { address: world.b.address, epoch: '2' };
    await client.post('hello');
    expect(client.master).toEqual({ address: world.b.address, epoch: 2 });
  });

  test('C3: takes no hint and no router answer of an older epoch', async () => {
    world.router.say(world.b.address, 5);
    const client = world.connect();
    await client.post('one');
    const stale = await world.another();
    world.b.onPost = (_call, done) => {
      world.b.onPost = undefined;
      done(refusal('NOT_AVAILABLE_MASTER', { metadata: { address: stale.address, epoch: '4' } }));
    };
    world.router.say(world.a.address, 3);
    await client.post('two');
    expect(client.master).toEqual({ address: world.b.address, epoch: 5 });
    expect([stale.posted, world.a.posted]).toEqual([0, 0]);
  });

  test('C4: a refusal is told with its reason, its code and its metadata', async () => {
    world.a.onPost = (_call, done) =>
      done(refusal('FIELD_INVALID', { metadata: { field: 'text', limit: '4096' } }));
    const error = await world
      .connect()
      .post('')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Refused);
    expect(error).toMatchObject({
      reason: 'FIELD_INVALID',
      code: status.INVALID_ARGUMENT,
      metadata: { field: 'text', limit: '4096' },
    });
    expect(world.a.posted).toBe(1);
  });

  test('C4: an outcome that stays open is called unknown, with the id to ask again with and what it waited for', async () => {
    const client = await world.connectWarm({ timeoutMs: 300 });
    world.a.onPost = () => {};
    const error = await ends(client.post('hello'));
    expect(error).toBeInstanceOf(Unknown);
    expect((error as Unknown).id).toMatch(uuidv7);
    expect((error as Unknown).message).toContain(`an answer of the master ${world.a.address} in epoch 1`);
  });

  test('C4: a full disk after an open try does not make the outcome certain', async () => {
    const client = await world.connectWarm();
    const answers = [refusal('NOT_AVAILABLE_MASTER'), refusal('DISK_FULL')];
    world.a.onPost = (_call, done) => done(answers.shift() as never);
    await expect(client.post('hello')).rejects.toBeInstanceOf(Unknown);
  });

  test('C4: a final answer after an open try is certain, because ids are remembered', async () => {
    const client = await world.connectWarm();
    const answers = [refusal('NOT_AVAILABLE_MASTER'), refusal('USER_UNKNOWN')];
    world.a.onPost = (_call, done) => done(answers.shift() as never);
    await expect(client.post('hello')).rejects.toMatchObject({ name: 'Refused', reason: 'USER_UNKNOWN' });
  });

  test('C4: a read whose answer does not come has no open outcome', async () => {
    const client = await world.connectWarm({ timeoutMs: 200 });
    world.a.front.freeze();
    expect(await ends(client.list())).toBeInstanceOf(Unreachable);
  });

  test('C5: without any router the message says that it waited for one, and why', async () => {
    await world.router.front.kill();
    const client = world.connect({ timeoutMs: 200 });
    const error = await ends(client.post('hello'));
    expect(error).toBeInstanceOf(Unreachable);
    expect((error as Unreachable).message).toContain(`a router (${world.router.address}: no connection`);
  });

  test('C5: while none may serve the message says so, and names whom the router waits for', async () => {
    world.router.say('', 3);
    const error = await ends(world.connect({ timeoutMs: 200 }).post('hello'));
    expect(error).toBeInstanceOf(Unreachable);
    expect((error as Unreachable).message).toMatch(/none may serve since epoch 3 .*waits for m1,m2/);
  });

  test('C3, C5: when a router speaks of an epoch that is over, the message says so', async () => {
    world.router.say(world.a.address, 7);
    const client = await world.connectWarm({ timeoutMs: 400 });
    await world.a.front.kill();
    world.router.say(world.b.address, 6);
    const error = await ends(client.post('hello'));
    expect((error as Error).message).toContain('a router speaks of epoch 6, which is over');
    expect(world.b.posted).toBe(0);
  });

  test('C5: with the master gone and no other named, the message says to whom there is no connection', async () => {
    const client = await world.connectWarm({ timeoutMs: 300 });
    await world.a.front.kill();
    await eventually(() => client.master === undefined, 'the loss is seen');
    const error = await ends(client.post('hello'));
    expect(error).toBeInstanceOf(Unreachable);
    expect((error as Unreachable).message).toContain(
      `a connection to the master ${world.a.address} of epoch 1`,
    );
  });

  test('C5: a retry_after is kept', async () => {
    const client = await world.connectWarm();
    const timesMs: number[] = [];
    world.a.onPost = (call, done) => {
      timesMs.push(systemClock.nowMs());
      if (timesMs.length === 1) return done(refusal('QUEUE_FULL', { retryAfterMs: 150 }));
      done(null, { post: world.journal.append(call.request.postId, 'u1', 'x'), copies: 1 });
    };
    await client.post('hello');
    expect((timesMs[1] as number) - (timesMs[0] as number)).toBeGreaterThanOrEqual(148);
  });

  test('C5: a retry_after of one master does not hold back the move to another', async () => {
    const client = await world.connectWarm();
    world.a.onPost = (_call, done) => {
      done(refusal('QUEUE_FULL', { retryAfterMs: 5_000 }));
      world.router.say(world.b.address, 2);
    };
    const begunMs = systemClock.nowMs();
    await client.post('hello');
    expect(systemClock.nowMs() - begunMs).toBeLessThan(2_500);
  });

  test('a late answer of the old master is not taken', async () => {
    const client = await world.connectWarm();
    let late: (() => void) | undefined;
    world.a.onPost = ({ request }: { request: PostRequest }, done: sendUnaryData<PostResponse>) => {
      late = () =>
        done(null, {
          post: { ...world.journal.append('another', 'u1', 'wrong'), postId: request.postId },
          copies: 9,
        });
      world.router.say(world.b.address, 2);
    };
    const posting = client.post('hello');
    await eventually(() => late !== undefined, 'a has the post');
    late?.();
    expect((await posting).copies).toBe(2);
    expect((await posting).post.text).toBe('hello');
  });

  test('an aborted call rejects with the reason of its signal, and is tried no more', async () => {
    const client = await world.connectWarm();
    world.a.onPost = (_call, done) => done(refusal('BELOW_MIN_IN_SYNC'));
    const abort = new AbortController();
    const posting = client.post('hello', { signal: abort.signal });
    await eventually(() => world.a.posted > 2, 'it is tried');
    abort.abort(new Error('enough'));
    await expect(posting).rejects.toThrow('enough');
    const { posted } = world.a;
    await systemClock.sleep(100);
    expect(world.a.posted).toBe(posted);
    await expect(client.post('x', { signal: abort.signal })).rejects.toThrow('enough');
  });

  test('C1: a follow carries one UUIDv7 over all its tries, and the id that the caller kept', async () => {
    const client = await world.connectWarm();
    let tries = 0;
    world.a.onFollow = () => (++tries < 3 ? refusal('BELOW_MIN_IN_SYNC') : undefined);
    await client.follow('u2');
    expect(new Set(world.a.requestIds).size).toBe(1);
    expect(world.a.requestIds[0]).toMatch(uuidv7);
    await client.follow('u2', { requestId: '01890000-0000-7000-8000-000000000001' });
    expect(world.a.requestIds.at(-1)).toBe('01890000-0000-7000-8000-000000000001');
  });

  test('a thousand calls in flight all survive a failover, each done once', async () => {
    const client = await world.connectWarm();
    const posting = Promise.all(Array.from({ length: 1_000 }, (_, index) => client.post(`p${index}`)));
    await eventually(() => world.journal.posts.length > 100, 'some are done');
    await world.a.front.kill();
    world.router.say(world.b.address, 2);
    const posted = await posting;
    expect(new Set(posted.map(({ post }) => post.seq)).size).toBe(1_000);
    expect(world.journal.posts).toHaveLength(1_000);
  });
});
