import { describe, expect, test } from '@jest/globals';
import type { History, TakenEntry } from '../src/index.js';
import { entries, order, rulesBrokenIn, streamOf, without } from './scene.js';

describe('The history check, of live timelines', () => {
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
      .map((one, at) => ({ ...one, prevSeq: order[at - 1]?.seq ?? 0, takenMs: 5_000 }));
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
