import { type Refusal, systemClock } from '@everline/chassis';
import { TimelineResponse } from '@everline/contracts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FrameCache } from '../../src/timeline/frame-cache.js';
import type { Core } from '../../src/timeline/frames.js';
import { Timelines } from '../../src/timeline/live.js';
import { Reader, type Sink } from '../../src/timeline/reader.js';
import { eventually } from '../cluster/eventually.js';
import { NaiveWorld } from './naive-view.js';
import { act, moves } from './random-world.js';

/** A client that decodes what it gets, and stops taking when it is told to. */
class FakeSink implements Sink {
  readonly seqs: number[] = [];
  readonly breaks: string[] = [];
  caughtUps = 0;
  refused: Refusal | undefined;
  takes = true;
  #wake: (() => void) | undefined;

  entries(cores: readonly Core[], prevSeq: number, cache: FrameCache): boolean {
    const { response } = TimelineResponse.decode(cache.entries(cores, prevSeq));
    for (const entry of response?.$case === 'entries' ? response.value.entries : []) {
      const last = this.seqs.at(-1);
      if (last !== undefined && Number(entry.prevSeq) !== last)
        this.breaks.push(`${entry.prevSeq} after ${last}`);
      this.seqs.push(Number(entry.post?.seq));
    }
    return this.takes;
  }
  caughtUp(): boolean {
    this.caughtUps++;
    return this.takes;
  }
  heartbeat(): boolean {
    return this.takes;
  }
  moved(): void {}
  ready(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
  fail(refused: Refusal): void {
    this.refused = refused;
  }
  takeAgain(reader: Reader): void {
    this.takes = true;
    this.#wake?.();
    reader.resume();
  }
}

function open(world: NaiveWorld, includeOwn = false) {
  const timelines = new Timelines({ view: world.view, clock: systemClock, beatMs: 100 });
  timelines.begin((seq) => `c${seq}`, world.seq);
  const sink = new FakeSink();
  return { timelines, sink, reader: new Reader({ timelines, username: 'u0', includeOwn, sink }) };
}

describe('C2: from the past over to the present, nothing is missing and nothing comes twice', () => {
  test('whatever happens while the reader catches up', async () => {
    await fc.assert(
      fc.asyncProperty(moves, moves, fc.nat({ max: 60 }), async (past, later, after) => {
        const world = new NaiveWorld();
        for (const move of past) act(world, move);
        const { timelines, sink, reader } = open(world);
        const from = Math.min(after, world.seq);
        reader.beginAfter(from);
        const expected = new Set(world.timeline('u0', false).filter((seq) => seq > from));
        for (const move of later) {
          const applied = act(world, move);
          if (applied === undefined) continue;
          timelines.publish([applied]);
          for (const seq of world.timeline('u0', false)) if (seq === applied.seq) expected.add(seq);
          if (world.seq % 3 === 0) await new Promise(setImmediate);
        }
        await eventually(() => sink.caughtUps === 1, 'caught up');
        reader.close();
        const shown = new Set(sink.seqs);
        expect(shown.size).toBe(sink.seqs.length);
        expect(sink.seqs).toEqual([...sink.seqs].sort((a, b) => a - b));
        // Whatever stays in the timeline to the end was shown; what was not in it at any time was not.
        for (const seq of world.timeline('u0', false)) if (seq > from) expect(shown).toContain(seq);
        for (const seq of shown) expect(expected).toContain(seq);
        expect(sink.breaks).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

test('a reader that takes nothing is ended with READER_TOO_SLOW and its cursor; the others are not slowed', async () => {
  const world = new NaiveWorld();
  world.follow('u0', 'u1');
  const { timelines, sink, reader } = open(world);
  const other = new FakeSink();
  const beside = new Reader({ timelines, username: 'u0', includeOwn: false, sink: other });
  reader.beginAfter(world.seq);
  beside.beginAfter(world.seq);
  timelines.publish([world.post('u1')]);
  sink.takes = false;
  timelines.publish([world.post('u1')]);
  const sent = world.seq;
  for (let i = 0; i < 1_100; i++) timelines.publish([world.post('u1')]);
  expect(sink.refused?.reason).toBe('READER_TOO_SLOW');
  expect(sink.refused?.metadata).toEqual({ cursor: `c${sent}` });
  expect(sink.seqs.at(-1)).toBe(sent);
  expect(other.seqs).toHaveLength(1_102);
  beside.close();
  expect(timelines.size).toBe(0);
});

test('a reader that pauses gets what came meanwhile in one piece, when it takes again', () => {
  const world = new NaiveWorld();
  world.follow('u0', 'u1');
  const { timelines, sink, reader } = open(world);
  reader.beginAfter(world.seq);
  sink.takes = false;
  for (let i = 0; i < 100; i++) timelines.publish([world.post('u1')]);
  expect(sink.seqs).toHaveLength(1);
  sink.takeAgain(reader);
  expect(sink.seqs).toEqual(world.timeline('u0', false));
  expect(sink.breaks).toEqual([]);
  reader.close();
});

test('the newest posts come first, oldest of them first, then what happens', () => {
  const world = new NaiveWorld();
  world.follow('u0', 'u1');
  for (let i = 0; i < 30; i++) world.post('u1');
  const { timelines, sink, reader } = open(world);
  reader.beginRecent(20);
  expect(sink.seqs).toEqual(world.timeline('u0', false).slice(-20));
  expect(sink.caughtUps).toBe(0);
  return eventually(() => sink.caughtUps === 1, 'caught up').then(() => {
    timelines.publish([world.post('u1')]);
    expect(sink.seqs.at(-1)).toBe(world.seq);
    reader.close();
  });
});
