import { systemClock } from '@everline/chassis';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Refused } from '../src/errors.js';
import { eventually } from './support/eventually.js';
import { refusal } from './support/refuse.js';
import { World } from './support/world.js';

describe('an exclusive session', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
  });

  test('is renewed by its id, each time with a new request id, and ended by logout', async () => {
    const client = world.connect();
    const { sessionId } = await client.login('u1', { exclusive: true });
    expect(sessionId).toMatch(/^[0-9a-f-]{36}$/);
    await eventually(() => world.a.logins.length >= 4, 'it is renewed');
    expect(new Set(world.a.logins.map((login) => login.sessionId))).toEqual(new Set([sessionId]));
    expect(new Set(world.a.logins.map(({ requestId }) => requestId)).size).toBe(world.a.logins.length);
    await client.logout();
    expect(world.a.logouts).toEqual([sessionId]);
    const { length } = world.a.logins;
    await systemClock.sleep(900);
    expect(world.a.logins.length - length).toBeLessThanOrEqual(1);
  });

  test('C1: is one session over all tries of its login', async () => {
    const client = await world.connectWarm();
    world.a.onLogin = () => {
      world.router.say(world.b.address, 2);
      return refusal('NOT_AVAILABLE_MASTER');
    };
    const tried: string[] = [];
    const { sessionId } = await client.login('u1', { exclusive: true });
    tried.push(...world.a.tried, ...world.b.tried);
    expect(tried.length).toBeGreaterThanOrEqual(2);
    expect(new Set(tried)).toEqual(new Set([sessionId]));
  });

  test('no renewal comes after its logout', async () => {
    const client = await world.connectWarm();
    await client.login('u1', { exclusive: true });
    let renewing = 0;
    world.a.holdLogins = (done) => {
      renewing++;
      systemClock.after(100, done);
    };
    await eventually(() => renewing > 0, 'a renewal is under way');
    await client.logout();
    expect(world.a.order.at(-1)).toBe('logout');
    const { length } = world.a.order;
    await systemClock.sleep(600);
    expect(world.a.order).toHaveLength(length);
  });

  test('goes on at the next master after a failover', async () => {
    const client = await world.connectWarm();
    const { sessionId } = await client.login('u1', { exclusive: true });
    await world.a.front.kill();
    world.router.say(world.b.address, 2);
    await eventually(() => world.b.logins.some((login) => login.sessionId === sessionId), 'renewed there');
  });

  test('that the master has ended is told once, with the reason', async () => {
    const lost: Refused[] = [];
    const client = world.connect({ onSessionLost: (why) => lost.push(why) });
    await client.login('u1', { exclusive: true });
    world.a.onLogin = () => refusal('SESSION_UNKNOWN');
    await eventually(() => lost.length > 0, 'it is told');
    expect(lost[0]).toMatchObject({ reason: 'SESSION_UNKNOWN' });
    await client.logout();
    expect(world.a.logouts).toEqual([]);
  });

  test('is refused while another lives', async () => {
    world.a.onLogin = () => refusal('SESSION_EXISTS');
    await expect(world.connect().login('u1', { exclusive: true })).rejects.toMatchObject({
      reason: 'SESSION_EXISTS',
    });
  });

  test('is ended by close', async () => {
    const client = world.connect();
    const { sessionId } = await client.login('u1', { exclusive: true });
    await client.close();
    expect(world.a.logouts).toEqual([sessionId]);
  });

  test('a login without it names the user and keeps nothing alive', async () => {
    const client = world.connect();
    expect(await client.login('u7')).toEqual({ sessionId: undefined, created: true });
    expect(client.user).toBe('u7');
    await systemClock.sleep(500);
    expect(world.a.logins).toHaveLength(1);
  });
});
