import type { Cluster } from '../cluster/cluster.js';
import type { Calls } from '../wire/messages.js';
import { Peer } from '../wire/peer.js';

/** One call at whoever is available now, without any patience. */
export async function askAvailable<Name extends keyof Calls>(
  cluster: Cluster,
  name: Name,
  request: Calls[Name][0],
  deadlineMs = 5_000,
): Promise<Calls[Name][1]> {
  const peer = new Peer((await cluster.getAvailable()).address);
  try {
    return await peer.call(name, request, { deadlineMs });
  } finally {
    peer.close();
  }
}

/** Texts of an author, oldest first, as the author's own timeline has them. */
export async function textsOf(cluster: Cluster, author: string): Promise<string[]> {
  const request = { username: author, pageSize: 1_000, includeOwn: true };
  const { entries } = await askAvailable(cluster, 'everline.sns.v1.SnsService/ReadTimeline', request);
  return entries
    .filter(({ post }) => post.author === author)
    .map(({ post }) => post.text)
    .reverse();
}
