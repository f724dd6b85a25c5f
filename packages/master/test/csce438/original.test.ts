import type { csce438 } from '@everline/contracts';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { expect, jest, test } from '@jest/globals';
import { eventually } from '../cluster/eventually.js';
import { LoneMaster } from '../sns/lone-master.js';

jest.setTimeout(30_000);

class OriginalTimeline implements Disposable {
  readonly said: csce438.Message[] = [];
  readonly #stream: ClientDuplexStream<csce438.Message, csce438.Message>;
  readonly #username: string;

  constructor(master: LoneMaster, username: string) {
    this.#username = username;
    this.#stream = master.original.timeline();
    this.#stream.on('data', (message: csce438.Message) => this.said.push(message));
    this.#stream.on('error', () => undefined);
    this.say('Set Stream');
  }

  get texts(): string[] {
    return this.said.map(({ username, msg }) => `${username}: ${msg}`);
  }

  say(msg: string): void {
    this.#stream.write({ username: this.#username, msg, timestamp: undefined });
  }

  [Symbol.dispose](): void {
    this.#stream.cancel();
  }
}

test('the replies are those of the original, word for word', async () => {
  await using master = await LoneMaster.start();
  const { original } = master;
  const request = (username: string, ...args: string[]) => ({ username, arguments: args });
  const login = async (name: string) => (await master.call(original.login.bind(original), request(name))).msg;
  const follow = async (...args: [string, ...string[]]) =>
    (await master.call(original.follow.bind(original), request(...args))).msg;
  const unFollow = async (...args: [string, ...string[]]) =>
    (await master.call(original.unFollow.bind(original), request(...args))).msg;
  expect([await login('u1'), await login('u2'), await login('u1')]).toEqual([
    'Login Successful!',
    'Login Successful!',
    'Welcome Back u1',
  ]);
  expect(await follow('u1', 'u2')).toBe('Follow Successful');
  expect(await follow('u1', 'u2')).toBe('Follow Failed -- Already Following User');
  expect(await follow('u1', 'u1')).toBe('Follow Failed -- Already Following User');
  expect(await follow('u1', 'u4')).toBe('Follow Failed -- Invalid Username');
  expect(await follow('u1', 'no such name!')).toBe('Follow Failed -- Invalid Username');
  expect(await follow('u1')).toBe('Follow Failed -- Invalid Username');
  expect(await master.call(original.list.bind(original), request('u2'))).toEqual({
    allUsers: ['u1', 'u2'],
    followers: ['u1'],
  });
  const { users } = await master.call(original.getFollowerInfo.bind(original), request('u1'));
  expect(users).toEqual({ u1: 'followers: ; following: u2', u2: 'followers: u1; following: ' });
  expect(await unFollow('u1', 'u2')).toBe('UnFollow Successful');
  expect(await unFollow('u1', 'u2')).toBe('UnFollow Failed -- Not Following User');
  expect(await unFollow('u1', 'u4')).toBe('UnFollow Failed -- Invalid Username');
  expect(await unFollow('u1', 'u1')).toBe('UnFollow Failed -- Invalid Username');
});

test('long lists come whole', async () => {
  await using master = await LoneMaster.start();
  const names = Array.from({ length: 2_500 }, (_, i) => `u${i}`);
  for (let from = 0; from < names.length; from += 500)
    await Promise.all(names.slice(from, from + 500).map((name) => master.login(name)));
  const { original } = master;
  const { allUsers } = await master.call(original.list.bind(original), { username: 'u1', arguments: [] });
  expect(allUsers).toEqual(master.store.view.users(0, 10_000).map(({ username }) => username));
  expect(new Set(allUsers)).toEqual(new Set(names));
  const { users } = await master.call(original.getFollowerInfo.bind(original), {
    username: 'u1',
    arguments: [],
  });
  expect(Object.keys(users).length).toBe(2_500);
});

test('a timeline shows the last 20 of those one follows, newest first, then what comes; only the first `Set Stream` is no post', async () => {
  await using master = await LoneMaster.start();
  await master.login('u1', 'u2', 'u3');
  await master.post('u2', 'before the follow');
  await master.follow('u1', 'u2');
  await master.follow('u2', 'u1');
  await master.post('u2', ...Array.from({ length: 22 }, (_, i) => `p${i}`));
  await master.post('u3', 'of a stranger');
  using one = new OriginalTimeline(master, 'u1');
  await eventually(() => one.said.length === 20, 'the last 20');
  expect(one.texts).toEqual(Array.from({ length: 20 }, (_, i) => `u2: p${21 - i}`));
  expect(one.said[0]?.timestamp?.seconds).toBeGreaterThan(1_700_000_000n);
  using two = new OriginalTimeline(master, 'u2');
  await eventually(() => master.timelines.size === 2, 'both are open');
  one.say('hello\n');
  one.say('Set Stream\n');
  one.say('\n');
  one.say('bye');
  await eventually(() => two.said.length === 3, 'the other one sees them');
  expect(two.texts).toEqual(['u1: hello', 'u1: Set Stream', 'u1: bye']);
  expect(one.said.length).toBe(20);
});
