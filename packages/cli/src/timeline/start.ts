import type { Client, Entry, TimelineOptions } from '@everline/client';
import type { TimelineWish } from './wish.js';

/** As many of the newest posts a master sends at the opening of a stream, and on one page. */
const mostAtOnce = 1_000;
const defaultLimit = 20;

export interface TimelineStart {
  /** Said before the stream: its cursor is where the stream goes on. */
  readonly first: Entry | undefined;
  readonly options: TimelineOptions;
}

/** Where to begin so that `limit` posts are said. For many the place is looked for page by page; only the place is kept. */
export async function startOf(
  client: Client,
  { limit, after, includeOwn }: TimelineWish,
): Promise<TimelineStart> {
  if (after !== undefined) return { first: undefined, options: { after, includeOwn } };
  const wanted = limit ?? defaultLimit;
  if (wanted <= mostAtOnce) return { first: undefined, options: { recent: wanted, includeOwn } };
  const first = await nthNewest(client, wanted, includeOwn);
  if (first === undefined) return { first, options: { recent: mostAtOnce, includeOwn } };
  return { first, options: { after: first.cursor, includeOwn } };
}

/** Or the oldest, when there are fewer. */
async function nthNewest(client: Client, wanted: number, includeOwn: boolean): Promise<Entry | undefined> {
  let oldest: Entry | undefined;
  let left = wanted;
  let before: string | undefined;
  do {
    const limit = Math.min(left, mostAtOnce);
    const page = await client.readTimeline({ limit, includeOwn, ...(before !== undefined && { before }) });
    oldest = page.entries.at(-1) ?? oldest;
    left -= page.entries.length;
    before = page.nextBefore;
  } while (left > 0 && before !== undefined);
  return oldest;
}
