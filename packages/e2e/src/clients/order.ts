import type { OrderedPost } from '@everline/history';
import { within } from '../eventually.js';
import type { TimelineEntry } from '../wire/messages.js';
import { Peer } from '../wire/peer.js';

const readMs = 30_000;
const pageSize = 1_000;

/** The one order as somebody finds it who comes now: from the witness's first cursor to the end, over one stream. */
export async function readOrder(address: string, witness: string, after: string): Promise<OrderedPost[]> {
  const peer = new Peer(address);
  const stream = peer.stream('everline.sns.v1.SnsService/Timeline');
  const order: OrderedPost[] = [];
  const complete = new Promise<void>((resolve, reject) => {
    stream.onMessage(({ entries, caughtUp }) => {
      for (const entry of entries?.entries ?? []) order.push(ordered(entry));
      if (caughtUp !== undefined) resolve();
    });
    void stream.over.then((error) => reject(error ?? new Error('the stream ended before it had caught up')));
  });
  try {
    stream.write({ open: { username: witness, after } });
    await within(complete, readMs, `${witness} reads everything at ${address}`);
  } finally {
    stream.cancel();
    peer.close();
  }
  return order;
}

/** The same, read the other way round: page by page, newest first, from the end to the beginning. */
export async function readPages(address: string, witness: string): Promise<OrderedPost[]> {
  return (await entriesOf(address, witness)).map(ordered);
}

/** When each of these posts was made, in seconds, by the wall clock of the master that took it. */
export async function readTimes(address: string, witness: string): Promise<number[]> {
  const entries = await entriesOf(address, witness);
  return entries.map(({ post: { postedAt } }) => postedAt.seconds + postedAt.nanos / 1e9);
}

async function entriesOf(address: string, witness: string): Promise<TimelineEntry[]> {
  const peer = new Peer(address);
  const entries: TimelineEntry[] = [];
  try {
    let before = '';
    do {
      const request = { username: witness, pageSize, before };
      const page = await peer.call('everline.sns.v1.SnsService/ReadTimeline', request, {
        deadlineMs: readMs,
      });
      entries.push(...page.entries);
      before = page.nextBefore;
    } while (before !== '');
  } finally {
    peer.close();
  }
  return entries.reverse();
}

function ordered({ post }: TimelineEntry): OrderedPost {
  return { id: post.postId, author: post.author, text: post.text, seq: post.seq };
}
