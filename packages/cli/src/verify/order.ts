import type { Clock } from '@everline/chassis/clock';
import { type Client, connect, type Post, type TimelineEvent, Unreachable } from '@everline/client';
import type { OrderedPost } from '@everline/history';
import type { Reread } from './whole.js';

const pageSize = 1_000;

export interface FreshReader {
  readonly routers: readonly string[];
  readonly name: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** From where a reader sees everything that is posted from now on. */
export async function presentCursor(reader: FreshReader): Promise<string> {
  await using client = clientOf(reader);
  for await (const event of client.timeline({ recent: 0, signal: reader.signal }))
    if (event.kind === 'caught-up') return event.cursor;
  throw new Error('the timeline ended before it had caught up');
}

/** What somebody finds between two places who comes now, over a connection of its own, and from where to go on. */
export async function readOrder(
  reader: FreshReader,
  after: string,
  untilSeq: number,
): Promise<{ readonly order: readonly OrderedPost[]; readonly cursor: string }> {
  await using client = clientOf(reader);
  const order: OrderedPost[] = [];
  let cursor = after;
  const takeUpTo = (event: TimelineEvent): boolean => {
    if (event.kind !== 'entry') return event.kind === 'caught-up';
    if (event.post.seq <= untilSeq) {
      order.push(orderedOf(event.post));
      cursor = event.cursor;
    }
    return event.post.seq >= untilSeq;
  };
  for await (const event of client.timeline({ after, signal: reader.signal })) if (takeUpTo(event)) break;
  return { order, cursor };
}

/** Everything once more, the other way round: page by page, the newest first, to the beginning. */
export async function rereadAll(reader: FreshReader, reread: Reread): Promise<void> {
  await using client = clientOf(reader);
  let before: string | undefined;
  do {
    const options = { limit: pageSize, signal: reader.signal, ...(before !== undefined && { before }) };
    const { entries, nextBefore } = await patiently(reader, () => client.readTimeline(options));
    for (const { post } of entries) reread.take(orderedOf(post));
    before = nextBefore;
  } while (before !== undefined);
}

const againMs = 100;

/** As long as nobody can answer, until the signal aborts. */
export async function patiently<T>(
  { clock, signal }: Pick<FreshReader, 'clock' | 'signal'>,
  work: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      await clock.sleep(againMs, signal);
    }
  }
}

function clientOf({ routers, name, timeoutMs }: FreshReader): Client {
  return connect({ routers, user: name, timeoutMs });
}

function orderedOf({ postId, author, text, seq }: Post): OrderedPost {
  return { id: postId, author, text, seq };
}
