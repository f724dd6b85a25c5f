import { checkHistory, type Finding, type OrderedPost } from '@everline/history';
import { describe, expect, test } from '@jest/globals';
import { castOf, followedBy, numberIn, readersOfEach, textOf } from '../src/verify/cast.js';
import { Ledger } from '../src/verify/ledger.js';
import { countBroken } from '../src/verify/verdict.js';
import { WholeOrder } from '../src/verify/whole.js';

const cast = castOf('test', 3);
const changes = cast.people.flatMap((reader, index) =>
  followedBy(cast, index).map((author) => ({
    kind: 'follow' as const,
    reader,
    author,
    begunMs: 0,
    endedMs: 1,
    outcome: 'acknowledged' as const,
  })),
);

/** A run in which every promise is kept, of `posts` posts in turn, one every 10 ms; each thing can be left out or changed. */
function run(posts: number, alter: { readonly notShown?: number; readonly notKept?: number } = {}) {
  const ledger = new Ledger({ readersOfEach: readersOfEach(cast), mostOpen: 50, changes });
  const order: OrderedPost[] = [];
  for (let seq = 1; seq <= posts; seq += 1) {
    const author = cast.people[seq % 3] ?? '';
    const text = textOf(Math.ceil(seq / 3), author);
    const id = `id-${seq}`;
    const begunMs = 10 + seq * 10;
    ledger.begin({ id, author, text, begunMs });
    if (seq !== alter.notShown)
      for (const reader of cast.people) ledger.take(reader, { id, author, text, seq, takenMs: begunMs + 4 });
    ledger.settle(id, { outcome: 'acknowledged', endedMs: begunMs + 5, seq, copies: 2 });
    if (seq !== alter.notKept) order.push({ id, author, text, seq });
  }
  return { ledger, order };
}

function rulesOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ rule }) => rule))].sort();
}

describe('the people', () => {
  test('follow the next eight in the circle, so that the work grows with them and not with their square', () => {
    const many = castOf('many', 20);
    expect(followedBy(many, 18)).toEqual([20, 1, 2, 3, 4, 5, 6, 7].map((number) => `verify-many-${number}`));
    expect(readersOfEach(many)).toBe(9);
  });

  test('one alone reads what it writes', () => {
    expect(followedBy(castOf('one', 1), 0)).toEqual([]);
    expect(readersOfEach(castOf('one', 1))).toBe(1);
  });

  test('number their posts', () => {
    expect(numberIn(textOf(17, 'verify-x-1'))).toBe(17);
    expect(numberIn('something else')).toBeNaN();
  });
});

describe('the ledger', () => {
  test('counts what was written and what came everywhere, and the longest wait for an acknowledgement', () => {
    const { ledger } = run(9, { notShown: 4 });
    expect(ledger).toMatchObject({ written: 9, read: 8, refused: 0, longestMs: 5, acknowledgedSeq: 9 });
    expect(ledger.isReadUpTo(3)).toBe(true);
    expect(ledger.isReadUpTo(9)).toBe(false);
  });

  test('hands out part after part, keeps nothing of what it has handed out, and finds nothing in a good run', () => {
    const { ledger, order } = run(30);
    const upTo = (from: number, to: number) => order.filter(({ seq }) => seq > from && seq <= to);
    ledger.page(
      {
        reader: 'verify-test-1',
        includeOwn: true,
        begunMs: 300,
        endedMs: 301,
        entries: upTo(8, 28).toReversed(),
        whole: false,
      },
      28,
    );
    const first = ledger.cut(12, upTo(0, 12), 900);
    expect(checkHistory(first)).toEqual([]);
    expect(first.posts).toHaveLength(12);
    expect(ledger.open).toBe(18);
    const second = ledger.cut(30, upTo(12, 30), 900);
    expect(checkHistory(second)).toEqual([]);
    expect(second.pages).toHaveLength(1);
    expect(ledger.open).toBe(0);
  });

  test('a post that is not there is lost; one that did not come to a timeline, too', () => {
    const gone = run(12, { notKept: 7 });
    expect(rulesOf(checkHistory(gone.ledger.cut(12, gone.order, 900)))).toContain('acknowledged is kept');
    const unseen = run(12, { notShown: 7 });
    expect(rulesOf(checkHistory(unseen.ledger.cut(12, unseen.order, 900)))).toEqual(['no gap']);
  });

  test('a page without what was acknowledged before it was asked for is a lie, also when it begins in an earlier part', () => {
    const { ledger, order } = run(30);
    const entries = order.filter(({ seq }) => seq > 8 && seq <= 28 && seq !== 20).toReversed();
    const page = {
      reader: 'verify-test-2',
      includeOwn: true,
      begunMs: 310,
      endedMs: 311,
      entries,
      whole: false,
    };
    ledger.page(page, 28);
    expect(checkHistory(ledger.cut(12, order.slice(0, 12), 900))).toEqual([]);
    expect(rulesOf(checkHistory(ledger.cut(30, order.slice(12), 900)))).toEqual(['reads never lie']);
  });

  test('what is under way is kept for a later part, what nobody knows the outcome of for every one', () => {
    const { ledger, order } = run(3);
    ledger.begin({ id: 'late', author: 'verify-test-1', text: 'post 2 of verify-test-1', begunMs: 500 });
    ledger.begin({ id: 'lost?', author: 'verify-test-2', text: 'post 2 of verify-test-2', begunMs: 500 });
    ledger.settle('lost?', { outcome: 'unknown', endedMs: Number.POSITIVE_INFINITY });
    expect(ledger.underWay()).toEqual(['late']);
    expect(ledger.cut(3, order, 900).posts).toHaveLength(4);
    const there = { id: 'lost?', author: 'verify-test-2', text: 'post 2 of verify-test-2', seq: 5 };
    ledger.settle('late', { outcome: 'acknowledged', endedMs: 510, seq: 4 });
    const last = { id: 'late', author: 'verify-test-1', text: 'post 2 of verify-test-1', seq: 4 };
    for (const reader of cast.people)
      for (const entry of [last, there]) ledger.take(reader, { ...entry, takenMs: 520 });
    expect(checkHistory(ledger.cut(5, [last, there], 900))).toEqual([]);
  });

  test('is full at its bound, so memory does not grow with a cluster that cannot be read', () => {
    expect(run(49).ledger.full).toBe(false);
    expect(run(50).ledger.full).toBe(true);
  });
});

describe('the whole order', () => {
  const { order } = run(300);
  const wholeOf = (): WholeOrder => {
    const whole = new WholeOrder();
    for (let from = 0; from < 300; from += 100)
      expect(whole.add(order.slice(from, from + 100), order[from + 99]?.seq ?? 0)).toEqual([]);
    return whole;
  };
  const reread = (posts: readonly OrderedPost[], whole = wholeOf()): readonly Finding[] => {
    const reading = whole.reread();
    for (const post of posts.toReversed()) reading.take(post);
    return reading.end();
  };

  test('read once more from the end is the same', () => {
    expect(reread(order)).toEqual([]);
  });

  test.each([0, 99, 100, 150, 299])('that lacks post %d is found, by its author and number', (index) => {
    const findings = reread(order.toSpliced(index, 1));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      rule: 'acknowledged is kept',
      what: `${order[index]?.text} was acknowledged and is not there any more`,
    });
  });

  test('that lost its end, its beginning, or everything', () => {
    expect(reread(order.slice(0, 280))).toHaveLength(20);
    expect(reread(order.slice(20))).toHaveLength(20);
    expect(reread([])).toHaveLength(300);
  });

  test('with a post twice', () => {
    const twice = order.toSpliced(120, 0, { ...(order[40] as OrderedPost), seq: 120.5 });
    expect(rulesOf(reread(twice))).toEqual(['exactly once']);
  });

  test('in which a post of an earlier part comes again', () => {
    expect(rulesOf(wholeOf().add([{ ...(order[3] as OrderedPost), seq: 301 }], 301))).toEqual([
      'exactly once',
    ]);
  });

  test('with another text, id or place', () => {
    const [first] = order.slice(150) as [OrderedPost];
    for (const change of [{ text: `${first.text}!` }, { id: 'other' }, { seq: first.seq + 0.5 }])
      expect(rulesOf(reread(order.with(150, { ...first, ...change })))).toEqual(['one order']);
  });

  test('may have what nobody knew the outcome of, or not', () => {
    const whole = wholeOf();
    whole.mayBe('verify-test-1', 101);
    const perhaps = { id: 'perhaps', author: 'verify-test-1', text: textOf(101, 'verify-test-1'), seq: 301 };
    expect(reread([...order, perhaps], whole)).toEqual([]);
    expect(reread(order, whole)).toEqual([]);
  });
});

test('what broke is counted as lost, doubled, or otherwise wrong', () => {
  const rules = ['acknowledged is kept', 'no gap', 'exactly once', 'nothing twice', 'one order'] as const;
  expect(countBroken(rules.map((rule) => ({ rule, what: '', evidence: [] })))).toEqual({
    lost: 2,
    doubled: 2,
    wrong: 1,
  });
});
