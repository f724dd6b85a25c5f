import type { Random } from '@everline/chassis/random';
import type { SnsServiceClient } from '@everline/contracts';
import { answer, snsClient } from '../wire/sns.js';
import { someText } from './text.js';

const atOnce = 64;

/** So many callers on one connection until nothing is left. */
async function each<T>(
  address: string,
  items: readonly T[],
  call: (client: SnsServiceClient, item: T) => Promise<unknown>,
): Promise<void> {
  const client = snsClient(address);
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await call(client, item);
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, caller));
  } finally {
    client.close();
  }
}

export function enterAll(address: string, names: readonly string[]): Promise<void> {
  const login = { exclusive: false, sessionId: '', password: '', requestId: '' };
  return each(address, names, (client, username) =>
    answer((done) => client.login({ username, ...login }, done)),
  );
}

export function followAll(
  address: string,
  pairs: readonly (readonly [username: string, followee: string])[],
): Promise<void> {
  return each(address, pairs, (client, [username, followee]) =>
    answer((done) => client.follow({ username, followee, requestId: '' }, done)),
  );
}

/** As people do: whoever has something to say, in no order. */
export function postAmong(
  address: string,
  authors: readonly string[],
  amount: number,
  random: Random,
): Promise<void> {
  const turns = Array.from(
    { length: amount },
    () => authors[Math.floor(random.next() * authors.length)] ?? '',
  );
  return each(address, turns, (client, username) =>
    answer((done) => client.post({ username, postId: random.uuid(), text: someText }, done)),
  );
}
