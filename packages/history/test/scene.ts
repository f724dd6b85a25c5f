import {
  checkHistory,
  type History,
  type OrderedPost,
  type PostRecord,
  type TakenEntry,
} from '../src/index.js';

const authors = ['ann', 'bea', 'cay'];
/** Three authors post in turn, one every 10 ms; each call takes 8 ms. */
export const order: OrderedPost[] = Array.from({ length: 60 }, (_, index) => ({
  id: `id-${index}`,
  author: authors[index % 3] ?? '',
  text: `text ${index}`,
  seq: 10 + index * 2,
}));
export const posts: PostRecord[] = order.map((post, index) => ({
  ...post,
  begunMs: 1_000 + index * 10,
  endedMs: 1_008 + index * 10,
  outcome: 'acknowledged',
  copies: 2,
  address: index < 30 ? '127.0.0.1:1' : '127.0.0.1:2',
  epoch: index < 30 ? 1 : 2,
  tries: index === 30 ? 2 : 1,
}));

/** Rea follows ann and bea from the beginning, and cay never. */
const seen = order.filter(({ author }) => author !== 'cay');
export const entries: TakenEntry[] = seen.map((post, index) => ({
  ...post,
  prevSeq: seen[index - 1]?.seq ?? 0,
  takenMs: 1_010 + index * 15,
}));

/** Posts are every other entry. */
export const journal = Array.from({ length: 130 }, (_, index) => ({
  seq: index + 1,
  epoch: index < 70 ? 1 : 2,
  digest: `digest-${index}`,
}));

export const good: History = {
  posts,
  changes: ['ann', 'bea'].map((author) => ({
    kind: 'follow',
    reader: 'rea',
    author,
    begunMs: 100,
    endedMs: 110,
    outcome: 'acknowledged',
  })),
  streams: [{ reader: 'rea', includeOwn: false, entries, afterSeq: 0, untilSeq: 200, endedMs: 5_000 }],
  pages: [
    {
      reader: 'rea',
      includeOwn: false,
      begunMs: 1_205,
      endedMs: 1_207,
      entries: seen.filter(({ seq }) => seq <= 48 && seq > 20).toReversed(),
      whole: false,
    },
  ],
  order,
  reigns: [
    { epoch: 1, address: '127.0.0.1:1' },
    { epoch: 2, address: '127.0.0.1:2' },
  ],
  eventEpochs: [1, 2],
  states: [
    { masterId: 'm1', seq: 130, hash: 'aa' },
    { masterId: 'm2', seq: 130, hash: 'aa' },
  ],
  journals: ['m1', 'm2'].map((masterId) => ({ masterId, committedSeq: 130, entries: journal })),
};

/** The history with one thing broken, and the rules that were found broken. */
export function rulesBrokenIn(broken: Partial<History>): string[] {
  const findings = checkHistory({ ...good, ...broken });
  return [...new Set(findings.map(({ rule }) => rule))].sort();
}

export function post(index: number, change: Partial<PostRecord>): PostRecord[] {
  return posts.map((record, at) => (at === index ? { ...record, ...change } : record));
}

export function streamOf(changed: readonly TakenEntry[]): History['streams'] {
  return [{ reader: 'rea', includeOwn: false, entries: changed, afterSeq: 0, untilSeq: 200, endedMs: 5_000 }];
}

export function without<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, at) => at !== index);
}
