import { describe, expect, test } from '@jest/globals';
import { checkHistory, describeFindings, type OrderedPost } from '../src/index.js';
import { entries, good, order, post, posts, rulesBrokenIn, streamOf, without } from './scene.js';

describe('The history check, of posts', () => {
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

  test('finds an order that contradicts what somebody was shown, though nobody acknowledged it', () => {
    const unknown = post(3, { outcome: 'unknown', endedMs: Number.POSITIVE_INFINITY });
    const late = unknown.map((one, at) => (at === 2 ? { ...one, begunMs: 1_045, endedMs: 1_055 } : one));
    const shown = entries.map((entry) => (entry.id === 'id-3' ? { ...entry, takenMs: 1_040 } : entry));
    expect(rulesBrokenIn({ posts: late, streams: [] })).toEqual([]);
    expect(rulesBrokenIn({ posts: late, streams: streamOf(shown) })).toEqual(['real-time order']);
  });

  test('finds places that do not grow', () => {
    const swapped = order.map((one, at) => (at === 7 ? { ...one, seq: order[6]?.seq ?? 0 } : one));
    expect(rulesBrokenIn({ order: swapped, posts: post(7, { seq: 22 }), streams: [] })).toContain(
      'one order',
    );
  });
});
