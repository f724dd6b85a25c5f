import { describe, expect, test } from '@jest/globals';
import { checkHistory, describeFindings } from '../../src/history/check.js';
import type { History, OrderedPost, PostRecord, TakenEntry } from '../../src/history/record.js';

const authors = ['ann', 'bea', 'cay'];
/** Three authors post in turn, one every 10 ms; each call takes 8 ms. */
const order: OrderedPost[] = Array.from({ length: 60 }, (_, index) => ({
  id: `id-${index}`,
  author: authors[index % 3] ?? '',
  text: `text ${index}`,
  seq: 10 + index * 2,
}));
const posts: PostRecord[] = order.map((post, index) => ({
  ...post,
  begunMs: 1_000 + index * 10,
  endedMs: 1_008 + index * 10,
  outcome: 'acknowledged',
  copies: 2,
  address: index < 30 ? '127.0.0.1:1' : '127.0.0.1:2',
  tries: index === 30 ? 2 : 1,
}));

/** Rea follows ann and bea from the beginning, and cay never. */
const seen = order.filter(({ author }) => author !== 'cay');
const entries: TakenEntry[] = seen.map((post, index) => ({
  ...post,
  prevSeq: seen[index - 1]?.seq ?? 0,
  takenMs: 1_010 + index * 15,
}));

const good: History = {
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
};

/** The history with one thing broken, and the rules that were found broken. */
function rulesBrokenIn(broken: Partial<History>): string[] {
  const findings = checkHistory({ ...good, ...broken });
  return [...new Set(findings.map(({ rule }) => rule))].sort();
}

function post(index: number, change: Partial<PostRecord>): PostRecord[] {
  return posts.map((record, at) => (at === index ? { ...record, ...change } : record));
}

function streamOf(changed: readonly TakenEntry[]): History['streams'] {
  return [{ reader: 'rea', includeOwn: false, entries: changed, afterSeq: 0, untilSeq: 200, endedMs: 5_000 }];
}

function without<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, at) => at !== index);
}

describe('the history check', () => {
  test('has nothing to say about a history in which every promise was kept', () => {
    expect(checkHistory(good)).toEqual([]);
  });

  test('finds an acknowledged post that is lost, and names it', () => {
    const findings = checkHistory({ ...good, order: without(order, 17), streams: [], pages: [] });
    expect(describeFindings(findings)).toContain('post id-17 is lost');
  });

  test('says nothing when a post of unknown outcome is there, and nothing when it is not', () => {
    const unknown = post(59, { outcome: 'unknown', endedMs: Number.POSITIVE_INFINITY });
    expect(rulesBrokenIn({ posts: unknown })).toEqual([]);
    expect(rulesBrokenIn({ posts: unknown, order: without(order, 59), streams: [] })).toEqual([]);
  });

  test('finds a post that is there twice', () => {
    const twice = { ...(order[3] as OrderedPost), seq: 500 };
    expect(rulesBrokenIn({ order: [...order, twice], streams: [] })).toContain('exactly once');
  });

  test('finds a refused post that left a trace', () => {
    expect(rulesBrokenIn({ posts: post(5, { outcome: 'refused' }) })).toEqual(['refused leaves no trace']);
  });

  test('finds a post that nobody sent', () => {
    expect(rulesBrokenIn({ posts: without(posts, 8) })).toEqual(['nothing from nowhere']);
  });

  test('finds a text that has changed, and an author who has', () => {
    expect(rulesBrokenIn({ posts: post(8, { text: 'something else' }) })).toEqual(['as it was sent']);
    expect(rulesBrokenIn({ posts: post(2, { author: 'dot' }) })).toEqual(['as it was sent']);
  });

  test('finds a post at another place than the acknowledged one', () => {
    expect(rulesBrokenIn({ posts: post(8, { seq: 27 }) })).toEqual(['acknowledged is kept']);
  });

  test('finds two posts acknowledged at one place', () => {
    expect(rulesBrokenIn({ posts: post(8, { seq: 28 }) })).toEqual(['acknowledged is kept', 'one order']);
  });

  test('finds an order that contradicts time', () => {
    const late = post(20, { begunMs: 4_000, endedMs: 4_008 });
    expect(rulesBrokenIn({ posts: late })).toEqual(['real-time order']);
  });

  test('finds places that do not grow', () => {
    const swapped = order.map((one, at) => (at === 7 ? { ...one, seq: order[6]?.seq ?? 0 } : one));
    expect(rulesBrokenIn({ order: swapped, posts: post(7, { seq: 22 }), streams: [] })).toContain(
      'one order',
    );
  });
});

describe('the history check, of live timelines', () => {
  test('finds a gap that the chain of the timeline proves', () => {
    expect(rulesBrokenIn({ streams: streamOf(without(entries, 12)) })).toEqual(['no gap']);
  });

  test('finds a gap that a lying chain hides', () => {
    const hidden = without(entries, 12).map((entry, at) =>
      at === 12 ? { ...entry, prevSeq: entries[11]?.seq ?? 0 } : entry,
    );
    expect(rulesBrokenIn({ streams: streamOf(hidden) })).toEqual(['no gap']);
  });

  test('finds that the end is missing', () => {
    expect(rulesBrokenIn({ streams: streamOf(entries.slice(0, -1)) })).toEqual(['no gap']);
  });

  test('finds an entry that came twice, and one that came late', () => {
    expect(rulesBrokenIn({ streams: streamOf([...entries.slice(0, 9), ...entries.slice(8)]) })).toContain(
      'nothing twice',
    );
    const late = [
      ...entries.slice(0, 8),
      ...entries.slice(9, 11),
      ...entries.slice(8, 9),
      ...entries.slice(11),
    ];
    expect(rulesBrokenIn({ streams: streamOf(late) })).toContain('one order');
  });

  test('finds a post that was shown and never kept', () => {
    const phantom = {
      ...(entries.at(-1) as TakenEntry),
      id: 'phantom',
      seq: 199,
      prevSeq: entries.at(-1)?.seq ?? 0,
    };
    expect(rulesBrokenIn({ streams: streamOf([...entries, phantom]) })).toEqual(['only what is kept']);
  });

  test('finds a post of somebody who is not followed', () => {
    const stranger = order
      .slice(0, 3)
      .map((one, at) => ({ ...one, prevSeq: order[at - 1]?.seq ?? 0, takenMs: 0 }));
    const streams = [{ reader: 'rea', includeOwn: false, entries: stranger, endedMs: 5_000 }];
    expect(rulesBrokenIn({ streams })).toEqual(['only whom one follows']);
  });

  test('finds a post from before the follow, and one from after the unfollow', () => {
    const from = (begunMs: number): History['changes'][number] => ({
      kind: 'follow',
      reader: 'rea',
      author: 'ann',
      begunMs,
      endedMs: begunMs + 5,
      outcome: 'acknowledged',
    });
    const anns = (from: number): History['streams'] => [
      {
        reader: 'rea',
        includeOwn: false,
        entries: entries
          .filter(({ author, seq }) => author === 'ann' && seq >= from)
          .map((e) => ({ ...e, prevSeq: 0 })),
        endedMs: 5_000,
      },
    ];
    const only = { pages: [] };
    expect(rulesBrokenIn({ ...only, changes: [from(1_500)], streams: anns(10) })).toContain(
      'only whom one follows',
    );
    const left = { ...from(1_300), kind: 'unfollow' as const };
    expect(rulesBrokenIn({ ...only, changes: [from(100), left], streams: anns(10) })).toEqual([
      'only whom one follows',
    ]);
  });
});

describe('the history check, of reads, reigns and states', () => {
  test('finds a page that lacks what was acknowledged before it was asked for', () => {
    const [page] = good.pages;
    if (page === undefined) throw new Error('no page');
    const stale = { ...page, entries: page.entries.slice(1) };
    expect(rulesBrokenIn({ pages: [stale] })).toEqual(['reads never lie']);
    const later = { ...page, begunMs: 9_000, endedMs: 9_001 };
    expect(rulesBrokenIn({ pages: [later] })).toEqual(['reads never lie']);
  });

  test('takes a page for right when the post was under way while it was read', () => {
    const [page] = good.pages;
    if (page === undefined) throw new Error('no page');
    const concurrent = { ...page, begunMs: 1_195, entries: page.entries.slice(1) };
    expect(rulesBrokenIn({ pages: [concurrent] })).toEqual([]);
  });

  test('finds two masters in one epoch, and an epoch that goes back', () => {
    const [first, second] = good.reigns;
    if (first === undefined || second === undefined) throw new Error('no reigns');
    expect(rulesBrokenIn({ reigns: [first, { ...second, epoch: 1 }], eventEpochs: [1] })).toEqual([
      'one master an epoch',
    ]);
    expect(rulesBrokenIn({ reigns: [second, first] })).toEqual(['epochs grow']);
    expect(rulesBrokenIn({ eventEpochs: [2, 1] })).toEqual(['epochs grow']);
  });

  test('finds a master that goes on acknowledging after its reign', () => {
    expect(rulesBrokenIn({ posts: post(50, { address: '127.0.0.1:1' }) })).toEqual(['one master an epoch']);
  });

  test('finds two masters whose states differ', () => {
    const states = good.states.map((state, at) => ({ ...state, hash: `${at}` }));
    expect(rulesBrokenIn({ states })).toEqual(['equal states']);
  });

  test('does not grow with the square of a history: a hundred thousand posts are checked in seconds', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => ({
      id: `many-${index}`,
      author: 'ann',
      text: 'x',
      seq: index + 1,
    }));
    const record = many.map((one, at) => ({
      ...one,
      begunMs: 200 + at,
      endedMs: 201 + at,
      outcome: 'acknowledged' as const,
      tries: 1,
    }));
    const taken = many.map((one, at) => ({ ...one, prevSeq: at, takenMs: 0 }));
    const streams = [{ reader: 'rea', includeOwn: false, entries: taken, endedMs: 1e9 }];
    expect(checkHistory({ ...good, posts: record, order: many, streams, pages: [] })).toEqual([]);
  }, 20_000);
});
