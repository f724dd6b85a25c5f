import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Backlog } from '../../src/timeline/backlog.js';
import { pageOf } from '../../src/timeline/page.js';
import { sourcesOf } from '../../src/timeline/sources.js';
import { NaiveWorld } from './naive-view.js';
import { act, moves } from './random-world.js';

test('pages read one after the other are the timeline by its definition, newest first, with an unbroken chain', () => {
  fc.assert(
    fc.property(moves, fc.integer({ min: 1, max: 30 }), fc.boolean(), (steps, size, includeOwn) => {
      const world = new NaiveWorld();
      for (const step of steps) act(world, step);
      const sources = sourcesOf(world.view, 'u0', includeOwn);
      const seen: number[] = [];
      let before = Number.MAX_SAFE_INTEGER;
      let chain: number | undefined;
      for (let more = true; more; ) {
        const page = pageOf(world.view, sources, before, size);
        for (const { seq, prevSeq } of page.entries) {
          if (chain !== undefined) expect(seq).toBe(chain);
          chain = prevSeq;
          seen.push(seq);
        }
        more = page.more;
        before = seen.at(-1) ?? 0;
      }
      expect(seen.reverse()).toEqual(world.timeline('u0', includeOwn));
      expect(chain ?? 0).toBe(0);
    }),
  );
});

test('a page of 20 with 300 followees reads the streams of those only whose posts it could show', () => {
  const world = new NaiveWorld();
  for (let i = 0; i < 300; i++) world.follow('u0', `author${i}`);
  for (let round = 0; round < 5; round++) for (let i = 0; i < 300; i++) world.post(`author${i}`);
  let looked = 0;
  const view = { ...world.view, postsBefore: counted(world.view.postsBefore) };
  function counted<A extends unknown[], R>(look: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      looked++;
      return look(...args);
    };
  }
  const { entries } = pageOf(view, sourcesOf(view, 'u0', false), Number.MAX_SAFE_INTEGER, 20);
  expect(entries.map(({ seq }) => seq)).toEqual(world.timeline('u0', false).slice(-20).reverse());
  expect(looked).toBeLessThan(30);
});

test('a backlog is the timeline after the cursor, oldest first, in steps of any size, while posts go on coming', () => {
  fc.assert(
    fc.property(
      moves,
      moves,
      fc.nat({ max: 60 }),
      fc.integer({ min: 1, max: 100 }),
      (past, later, after, step) => {
        const world = new NaiveWorld();
        for (const move of past) act(world, move);
        const backlog = new Backlog(world.view, sourcesOf(world.view, 'u0', false), after);
        const posts = later.filter(({ kind }) => kind === 'post');
        const seen: number[] = [];
        for (;;) {
          const taken = backlog.take(step, Number.POSITIVE_INFINITY);
          seen.push(...taken.map(({ seq }) => seq));
          const next = posts.shift();
          if (next !== undefined) act(world, next);
          else if (taken.length === 0) break;
        }
        expect(seen).toEqual(world.timeline('u0', false).filter((seq) => seq > after));
      },
    ),
  );
});
