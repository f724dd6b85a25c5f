import { systemClock } from '@everline/chassis';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Refused, Unknown, Unreachable } from '../src/errors.js';
import { ends } from './support/ends.js';
import { eventually } from './support/eventually.js';
import { refusal } from './support/refuse.js';
import { World } from './support/world.js';

describe('the routers', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
  });

  test('a dead router disturbs nobody, and is watched again when it is back', async () => {
    const client = await world.connectWarm();
    await world.router.front.kill();
    for (let count = 0; count < 50; count++) await client.post(`p${count}`);
    expect(world.journal.posts).toHaveLength(50);
    await world.router.front.revive();
    await eventually(() => world.router.watchers > 0, 'it is watched again');
    world.router.say(world.b.address, 2);
    await eventually(() => client.master?.epoch === 2, 'its push is heard');
  });

  test('a frozen router is noticed, and what another tells is taken meanwhile', async () => {
    const other = await world.anotherRouter();
    other.say(world.a.address, 1);
    const client = await world.connectWarm({ routers: [world.router.address, other.address] });
    world.router.front.freeze();
    other.say(world.b.address, 2);
    await eventually(() => client.master?.epoch === 2, 'the other is heard');
    const accepted = world.router.front.accepted;
    await eventually(() => world.router.front.accepted > accepted, 'the frozen one is connected to anew');
  });

  test('several addresses may come in one string; the dead one among them is no hindrance', async () => {
    const dead = await world.anotherRouter();
    await dead.front.kill();
    const client = world.connect({ routers: `${dead.address}, ${world.router.address}` });
    await client.post('hello');
    expect(world.journal.texts).toEqual(['hello']);
  });

  test('one that serves another cluster than the first is not believed, and the caller is told', async () => {
    const client = await world.connectWarm({ timeoutMs: 1_000 });
    world.router.clusterId = 'another';
    world.router.say(world.b.address, 9);
    await world.a.front.kill();
    await expect(client.post('meant for the first')).rejects.toThrow(
      /serves cluster another, not the cluster as before/,
    );
    world.router.clusterId = 'the cluster';
    world.router.say(world.b.address, 2);
    await client.post('at home', { timeoutMs: 10_000 });
    expect(client.master).toMatchObject({ address: world.b.address, epoch: 2 });
  });

  test('C3: of two routers that disagree the newer epoch is believed', async () => {
    const stale = await world.anotherRouter();
    stale.say(world.b.address, 4);
    world.router.say(world.a.address, 5);
    const client = world.connect({ routers: [stale.address, world.router.address] });
    await eventually(() => client.master?.epoch === 5, 'the newer is taken');
    stale.say(world.b.address, 4);
    await client.post('hello');
    expect(client.master).toEqual({ address: world.a.address, epoch: 5 });
  });

  test('a router whose watch is not served is asked instead', async () => {
    world.router.watchless = true;
    const client = world.connect();
    await client.post('hello');
    world.router.say(world.b.address, 2);
    await eventually(() => client.master?.epoch === 2, 'asked again');
  });

  test('a watch that died silently is found by asking, and opened anew', async () => {
    const client = await world.connectWarm();
    world.router.deaf = true;
    world.router.say(world.b.address, 2);
    const { watchers } = world.router;
    expect(watchers).toBe(1);
    await eventually(() => client.master?.epoch === 2, 'asked');
    world.router.deaf = false;
    const accepted = world.router.front.accepted;
    await eventually(() => world.router.front.accepted > accepted, 'connected anew');
    await eventually(() => world.router.watchers === 1, 'watched anew');
    world.router.say(world.a.address, 3);
    await eventually(() => client.master?.epoch === 3, 'pushed');
  });

  test('when the master is doubted the routers are asked at once, though the watch is silent', async () => {
    // Who waited for the time to ask would wait for longer than the call may take.
    const client = await world.connectWarm({}, { pollMs: 60_000 });
    world.router.deaf = true;
    world.router.say(world.b.address, 2);
    await world.a.front.kill();
    await client.post('hello');
    expect(client.master?.epoch).toBe(2);
  });

  test('warm connections go to every other master there is, and follow the list', async () => {
    const third = await world.another();
    await world.connectWarm();
    expect(third.front.connections).toBe(0);
    world.router.masters = [world.a.address, third.address];
    world.router.say(world.a.address, 2);
    await eventually(() => third.front.connections > 0, 'the new one is warm');
    await eventually(() => world.b.front.connections === 0, 'the old one is let go');
  });

  test('a standby that dies is connected to again when it is back', async () => {
    await world.connectWarm();
    await world.b.front.kill();
    await systemClock.sleep(100);
    await world.b.front.revive();
    await eventually(() => world.b.front.connections > 0, 'warm again');
  });

  test('the cluster is described in numbers and words', async () => {
    const status = await world.connect().cluster();
    expect(status).toMatchObject({
      clusterId: 'c',
      epoch: 1,
      version: 3,
      history: 1,
      minInSync: 1,
      liveCopies: 2,
    });
    expect(status.masters[0]).toMatchObject({
      role: 'available',
      aliveSinceMs: 1_000,
      lastSeq: 7,
      stateHash: 'h',
    });
    expect(status.masters[1]).toMatchObject({ role: 'standby' });
  });

  test('C5: a question that no router answers ends with its deadline, and says what it waited for', async () => {
    await world.router.front.kill();
    const client = world.connect({ timeoutMs: 200 });
    const waitedFor = `an answer of a router (${world.router.address}: no connection`;
    const end = await ends(client.cluster());
    expect(end).toBeInstanceOf(Unreachable);
    expect((end as Unreachable).message).toContain(waitedFor);
  });

  test('a switchover is asked for once: unanswered, it is unknown', async () => {
    const client = world.connect({ timeoutMs: 5_000 });
    expect(await client.switchover('m2')).toEqual({
      address: world.a.address,
      masterId: `id of ${world.a.address}`,
      epoch: 1,
    });
    world.router.onSwitchover = () => world.router.front.cut();
    await expect(client.switchover()).rejects.toBeInstanceOf(Unknown);
    expect(world.router.switchovers).toEqual(['m2', '']);
    world.router.onSwitchover = (done) => done(refusal('NO_CANDIDATE'));
    const refused = await client.switchover().catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(Refused);
    expect(refused).toMatchObject({ reason: 'NO_CANDIDATE', code: status.FAILED_PRECONDITION });
  });

  test('options that break a limit are refused with its name', () => {
    expect(() => world.connect({ routers: '' })).toThrow('no router is named');
    expect(() => world.connect({ routers: 'nowhere' })).toThrow();
    expect(() => world.connect({ timeoutMs: 0 })).toThrow('timeoutMs');
    expect(() =>
      world.connect({ routers: Array.from({ length: 9 }, (_, index) => `h:${index + 1}`) }),
    ).toThrow('at most 8');
    expect(() => world.connect().posts([], { inFlight: 5_000 })).toThrow('inFlight');
  });
});
