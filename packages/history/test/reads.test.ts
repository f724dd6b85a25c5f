import { describe, expect, test } from '@jest/globals';
import { type ChangeRecord, checkHistory, type PostRecord } from '../src/index.js';
import { entries, good, journal, post, rulesBrokenIn } from './scene.js';

describe('The history check, of reads, reigns and states', () => {
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

  test('believes an answer that there was a reign of which a rebuilt router tells nothing', () => {
    const silent = { reigns: [], eventEpochs: [2] };
    expect(rulesBrokenIn(silent)).toEqual([]);
    const withoutEpochs = good.posts.map(({ epoch: _, ...told }) => told);
    expect(rulesBrokenIn({ ...silent, posts: withoutEpochs })).toEqual(['one master an epoch']);
  });

  test('finds two masters whose states differ', () => {
    const states = good.states.map((state, at) => ({ ...state, hash: `${at}` }));
    expect(rulesBrokenIn({ states })).toEqual(['equal states']);
  });

  test('finds a page that lacks what somebody was shown before it was asked for, acknowledged or not', () => {
    const unknown = post(19, { outcome: 'unknown', endedMs: Number.POSITIVE_INFINITY });
    const shown = { reader: 'rea', includeOwn: false, entries: entries.slice(0, 14), endedMs: 5_000 };
    const early = { ...shown, entries: shown.entries.map((entry) => ({ ...entry, takenMs: 1_199 })) };
    const [page] = good.pages;
    if (page === undefined) throw new Error('no page');
    const stale = { ...page, entries: page.entries.slice(1) };
    expect(rulesBrokenIn({ posts: unknown, streams: [shown], pages: [stale] })).toEqual([]);
    expect(rulesBrokenIn({ posts: unknown, streams: [early], pages: [stale] })).toEqual(['reads never lie']);
  });

  test('finds two masters who acknowledged in one epoch, and an older epoch at a later place', () => {
    expect(rulesBrokenIn({ posts: post(40, { epoch: 1 }) })).toEqual(['epochs grow', 'one master an epoch']);
  });

  test('finds a journal that lacks what is committed, one with a gap, and one that goes back', () => {
    const broken = (entries: typeof journal): string[] =>
      rulesBrokenIn({ journals: [...good.journals, { masterId: 'm3', committedSeq: 100, entries }] });
    expect(broken(journal)).toEqual([]);
    expect(broken(journal.slice(40))).toEqual([]);
    expect(broken(journal.slice(0, -1))).toEqual(['equal journals']);
    expect(broken(journal.filter(({ seq }) => seq !== 50))).toEqual(['equal journals']);
    expect(broken([...journal, { seq: 131, epoch: 1, digest: '' }])).toEqual(['epochs grow']);
  });

  test('finds a journal that differs, and lets differ what is not committed', () => {
    const otherwise = (at: number): string[] =>
      rulesBrokenIn({
        journals: good.journals.map((one) => ({
          ...one,
          committedSeq: 120,
          entries: journal.map((entry) => (entry.seq === at ? { ...entry, digest: one.masterId } : entry)),
        })),
      });
    expect(otherwise(120)).toEqual(['equal journals']);
    expect(otherwise(121)).toEqual([]);
  });
});

describe('The history check, of a long history', () => {
  const length = 100_000;

  test('does not grow with the square of it: a hundred thousand posts and their readers take seconds', () => {
    const many = Array.from({ length }, (_, at) => ({ id: `${at}`, author: 'ann', text: 'x', seq: at + 1 }));
    const records = many.map((one, at): PostRecord => {
      return { ...one, begunMs: 200 + at, endedMs: 201 + at, outcome: 'acknowledged', tries: 1 };
    });
    const taken = many.map((one, at) => ({ ...one, prevSeq: at, takenMs: 201 + at }));
    const streams = Array.from({ length: 1_000 }, (_, part) => {
      const theirs = taken.slice(part * 100, part * 100 + 100);
      return { reader: 'rea', includeOwn: false, entries: theirs, endedMs: 1e9 };
    });
    const pages = Array.from({ length: 10_000 }, (_, part) => {
      const shown = many.slice(part * 10, part * 10 + 10).toReversed();
      const begunMs = 200.5 + part * 10 + 10;
      return {
        reader: 'rea',
        includeOwn: false,
        begunMs,
        endedMs: begunMs + 1,
        entries: shown,
        whole: false,
      };
    });
    const changes = Array.from({ length: 10_000 }, (_, at): ChangeRecord => {
      const kind = at % 2 === 0 ? 'follow' : 'unfollow';
      const times = { begunMs: 200 + at * 10, endedMs: 205 + at * 10 };
      return { kind, reader: 'ron', author: 'ann', ...times, outcome: 'acknowledged' };
    });
    const history = { ...good, posts: records, order: many, streams, pages, journals: [] };
    expect(checkHistory({ ...history, changes: [...good.changes, ...changes] })).toEqual([]);
  }, 20_000);
});
