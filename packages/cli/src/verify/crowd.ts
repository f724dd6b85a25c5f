import type { Clock } from '@everline/chassis/clock';
import { type Client, connect } from '@everline/client';
import type { ChangeRecord } from '@everline/history';
import { type Cast, followedBy } from './cast.js';

export interface CrowdOptions {
  readonly cast: Cast;
  readonly routers: readonly string[];
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Everybody's clients, logged in and following whom they should. */
export interface Crowd extends AsyncDisposable {
  readonly clients: readonly Client[];
  readonly changes: readonly ChangeRecord[];
}

export async function gather({ cast, routers, timeoutMs, clock, signal }: CrowdOptions): Promise<Crowd> {
  const { people, witness } = cast;
  const clients = people.map((user) => connect({ routers, user, timeoutMs }));
  const observing = connect({ routers, user: witness, timeoutMs });
  const changes: ChangeRecord[] = [];
  const follow = async (client: Client, reader: string, authors: readonly string[]): Promise<void> => {
    for (const author of authors) {
      const begunMs = clock.nowMs();
      await client.follow(author, { signal });
      changes.push({
        kind: 'follow',
        reader,
        author,
        begunMs,
        endedMs: clock.nowMs(),
        outcome: 'acknowledged',
      });
    }
  };
  const close = async (): Promise<void> => {
    await Promise.all(clients.map((client) => client.close()));
  };
  try {
    await Promise.all([observing, ...clients].map((client) => client.login(undefined, { signal })));
    await Promise.all([
      follow(observing, witness, people),
      ...clients.map((client, index) => follow(client, people[index] ?? '', followedBy(cast, index))),
    ]);
  } catch (error) {
    await close();
    throw error;
  } finally {
    await observing.close();
  }
  return { clients, changes, [Symbol.asyncDispose]: close };
}
