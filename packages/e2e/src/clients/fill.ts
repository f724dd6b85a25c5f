import { randomUUID } from 'node:crypto';
import type { Cluster } from '../cluster/cluster.js';
import { within } from '../eventually.js';
import { Peer } from '../wire/peer.js';

const windowPosts = 256;
const fillMs = 240_000;

/** Fills a cluster as fast as it takes it: users who follow a few others, and many posts in flight on few streams. */
export async function fill(cluster: Cluster, users: number, posts: number, streams = 8): Promise<void> {
  const { address } = await cluster.getAvailable();
  const peers = Array.from({ length: streams }, () => new Peer(address));
  const names = Array.from({ length: users }, (_, index) => `full${index + 1}`);
  try {
    await eachOf(names, peers, async (username, peer) => {
      await peer.call(
        'everline.sns.v1.SnsService/Login',
        { username, requestId: randomUUID() },
        { deadlineMs: 30_000 },
      );
    });
    await eachOf(names, peers, async (username, peer, index) => {
      const followee = names[(index + 1) % names.length] ?? '';
      const request = { username, followee, requestId: randomUUID() };
      await peer.call('everline.sns.v1.SnsService/Follow', request, { deadlineMs: 30_000 });
    });
    const share = Math.ceil(posts / streams);
    await Promise.all(peers.map((peer, index) => fillOne(peer, names[index] ?? '', share)));
  } finally {
    for (const peer of peers) peer.close();
  }
}

/** A few at a time over each channel. */
async function eachOf(
  names: readonly string[],
  peers: readonly Peer[],
  act: (name: string, peer: Peer, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (peer: Peer): Promise<void> => {
    for (let index = next++; index < names.length; index = next++) await act(names[index] ?? '', peer, index);
  };
  await Promise.all(peers.flatMap((peer) => [work(peer), work(peer), work(peer), work(peer)]));
}

function fillOne(peer: Peer, username: string, posts: number): Promise<void> {
  const stream = peer.stream('everline.sns.v1.SnsService/Timeline');
  let sent = 0;
  let posted = 0;
  const send = (): void => {
    while (sent < posts && sent - posted < windowPosts) {
      sent += 1;
      stream.write({
        post: { postId: randomUUID(), text: `post ${sent} of ${username}, as long as people write them` },
      });
    }
  };
  const done = new Promise<void>((resolve, reject) => {
    stream.onMessage((message) => {
      if (message.posted === undefined || message.posted === null) return;
      posted += 1;
      if (message.posted.post === undefined) reject(new Error(`refused: ${message.posted.refusal?.message}`));
      if (posted === posts) resolve();
      send();
    });
    void stream.over.then((error) => reject(error ?? new Error('the stream ended')));
  });
  stream.write({ open: { username, recent: -1 } });
  send();
  return within(done, fillMs, `${posts} posts are taken`).finally(() => stream.cancel());
}
