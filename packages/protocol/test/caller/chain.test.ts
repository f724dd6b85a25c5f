import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultOf, type Link } from '../../src/caller/chain.js';

/** A timeline as a master links it: strictly growing seqs, each naming the one before. */
const timelines = fc
  .uniqueArray(fc.integer({ min: 1, max: 1_000 }), { minLength: 3, maxLength: 30 })
  .map((seqs) => linked(seqs.sort((a, b) => a - b)));

function linked(seqs: readonly number[]): readonly Link[] {
  return seqs.map((seq, index) => ({ seq, prevSeq: seqs[index - 1] ?? 0 }));
}

function firstFault(links: readonly Link[]): string | undefined {
  let lastSeq: number | undefined;
  for (const link of links) {
    const fault = faultOf(link, lastSeq);
    if (fault !== undefined) return fault;
    lastSeq = link.seq;
  }
  return undefined;
}

const withPlace = timelines.chain((links) =>
  fc.tuple(fc.constant(links), fc.integer({ min: 1, max: links.length - 2 })),
);

describe('the chain of prev_seq', () => {
  test('C2: a timeline as it is linked has no fault, wherever the reader begins', () => {
    fc.assert(
      fc.property(withPlace, ([links, from]) => {
        expect(firstFault(links.slice(from))).toBeUndefined();
      }),
    );
  });

  test('C2: an entry that is left out is missed at the next one', () => {
    fc.assert(
      fc.property(withPlace, ([links, gone]) => {
        expect(firstFault(links.toSpliced(gone, 1))).toBe('missing');
      }),
    );
  });

  test('C2: an entry that comes twice is noticed, at once or later', () => {
    fc.assert(
      fc.property(withPlace, fc.nat(), ([links, place], later) => {
        const at = place + 1 + (later % (links.length - place));
        const fault = firstFault(links.toSpliced(at, 0, links[place] as Link));
        expect(fault).toBe(at === place + 1 ? 'repeated' : 'disordered');
      }),
    );
  });

  test('C2: two entries in the wrong order are noticed', () => {
    fc.assert(
      fc.property(withPlace, ([links, place]) => {
        const [a, b] = [links[place] as Link, links[place + 1] as Link];
        expect(firstFault(links.toSpliced(place, 2, b, a))).toBe('missing');
      }),
    );
  });

  test('an author who is unfollowed takes entries out without a fault: the rest is linked anew behind what was taken', () => {
    fc.assert(
      fc.property(
        withPlace,
        fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
        ([links, taken], keep) => {
          const seqs = links.map(({ seq }) => seq);
          const left = linked(seqs.filter((_, index) => keep[index]));
          const last = seqs[taken] as number;
          const rest = left.filter(({ seq }) => seq > last);
          expect(firstFault([...links.slice(0, taken + 1), ...rest])).toBeUndefined();
        },
      ),
    );
  });

  test('an entry that names itself or a later one as the one before it is refused', () => {
    expect(faultOf({ seq: 5, prevSeq: 5 }, undefined)).toBe('disordered');
    expect(faultOf({ seq: 5, prevSeq: 9 }, 4)).toBe('disordered');
  });
});
