import { type Clock, systemClock } from '@everline/chassis';
import { TimelineResponse } from '@everline/contracts';
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { FrameCache } from '../../src/timeline/frame-cache.js';
import type { Link } from '../../src/timeline/frames.js';
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
  refused: unknown;
  takes = true;
  pending = 0;
  #wake: (() => void) | undefined;

  entries(links: readonly Link[], cache: FrameCache): boolean {
    const { response } = TimelineResponse.decode(cache.entries(links));
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
    if (this.takes) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
  fail(error: unknown): void {
    this.refused = error;
  }
  takeAgain(reader: Reader): void {
    this.takes = true;
    this.#wake?.();
    reader.resume();
  }
}

function open(world: NaiveWorld, includeOwn = false, clock: Clock = systemClock) {
  const timelines = new Timelines({ view: world.view, clock, beatMs: 100 });
  timelines.begin((seq) => `c${seq}`, world.seq);
  const sink = new FakeSink();
  return { timelines, sink, reader: new Reader({ timelines, username: 'u0', includeOwn, sink }) };
}

describe('C2: from the past over to the present, nothing is missing and nothing comes twice', () => {
  /** A dozen of them are more than may wait. */
  const text = 'x'.repeat(90_000);

  /** Takes nothing for a while, again and again. */
  const pausing = (sink: FakeSink, reader: Reader) => (seq: number) => {
    if (seq % 40 === 10) sink.takes = false;
    else if (seq % 40 === 30) sink.takeAgain(reader);
  };

  test('whatever happens while the reader catches up', async () => {
    await fc.assert(
      fc.asyncProperty(moves, moves, fc.nat({ max: 60 }), async (past, later, after) => {
        const world = new NaiveWorld();
        for (const move of past) act(world, move);
        const { timelines, sink, reader } = open(world);
        const pauses = pausing(sink, reader);
        const from = Math.min(after, world.seq);
        reader.beginAfter(from);
        const expected = new Set(world.timeline('u0', false).filter((seq) => seq > from));
        for (const move of later) {
          const applied = act(world, move, text);
          if (applied === undefined) continue;
          pauses(world.seq);
          timelines.publish([applied]);
          for (const seq of world.timeline('u0', false)) if (seq === applied.seq) expected.add(seq);
          if (world.seq % 3 === 0) await new Promise(setImmediate);
        }
        sink.takeAgain(reader);
        const wanted = world.timeline('u0', false).filter((seq) => seq > from);
        await eventually(() => sink.caughtUps === 1, 'caught up');
        await eventually(() => wanted.every((seq) => sink.seqs.includes(seq)), 'all is shown');
        reader.close();
        expect(sink.caughtUps).toBe(1);
        const shown = new Set(sink.seqs);
        expect(shown.size).toBe(sink.seqs.length);
        expect(sink.seqs).toEqual([...sink.seqs].sort((a, b) => a - b));
        // Whatever stays in the timeline to the end was shown; what was not in it at any time was not.
        for (const seq of wanted) expect(shown).toContain(seq);
        for (const seq of shown) expect(expected).toContain(seq);
        expect(sink.breaks).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a reader for which too much happens while its client takes nothing', () => {
  const burst = 2_500;

  function blocked(clock?: Clock) {
    const world = new NaiveWorld();
    world.follow('u0', 'u1');
    const opened = open(world, false, clock);
    opened.reader.beginAfter(world.seq);
    opened.sink.takes = false;
    opened.timelines.publish([world.post('u1')]);
    return { world, sent: world.seq, ...opened };
  }

  test('turns back to the past: nothing is missing, it has caught up once, and the others are not slowed', async () => {
    const { world, sent, timelines, sink, reader } = blocked();
    const other = new FakeSink();
    const beside = new Reader({ timelines, username: 'u0', includeOwn: false, sink: other });
    beside.beginAfter(sent);
    for (let i = 0; i < burst; i++) timelines.publish([world.post('u1')]);
    await eventually(() => other.seqs.length === burst, 'the other has all');
    expect(sink.seqs.at(-1)).toBe(sent);
    sink.takeAgain(reader);
    await eventually(() => sink.seqs.at(-1) === world.seq, 'it has all');
    await eventually(() => reader.authors.size === 1, 'it is live again');
    timelines.publish([world.post('u1')]);
    expect(sink.seqs).toEqual(world.timeline('u0', false));
    expect(sink).toMatchObject({ breaks: [], caughtUps: 1, refused: undefined });
    reader.close();
    beside.close();
    expect(timelines.size).toBe(0);
  });

  test('costs a post nothing meanwhile: nobody tells it', () => {
    const { world, timelines, sink, reader } = blocked();
    const offer = jest.spyOn(reader, 'offer');
    for (let i = 0; i < burst; i++) timelines.publish([world.post('u1')]);
    expect(offer.mock.calls.length).toBeLessThan(1_100);
    reader.close();
    sink.takeAgain(reader);
  });

  /** Ten seconds are a tenth of one. */
  const quick: Clock = { ...systemClock, after: (ms, fn) => systemClock.after(ms / 100, fn) };

  test('is ended with READER_TOO_SLOW and its cursor only when it takes nothing for ten seconds', async () => {
    const { world, sent, timelines, sink } = blocked(quick);
    for (let i = 0; i < burst; i++) timelines.publish([world.post('u1')]);
    expect(sink.refused).toBeUndefined();
    await eventually(() => sink.refused !== undefined, 'it is ended');
    expect(sink.refused).toMatchObject({ reason: 'READER_TOO_SLOW', metadata: { cursor: `c${sent}` } });
    expect(timelines.size).toBe(0);
  });

  test('is not ended while it takes a message now and then', async () => {
    const { world, timelines, sink, reader } = blocked(quick);
    sink.pending = 6;
    for (let i = 0; i < burst; i++) timelines.publish([world.post('u1')]);
    const slowly = systemClock.every(60, () => sink.pending--);
    await eventually(() => sink.pending === 0, 'it takes slowly');
    slowly();
    expect(sink.refused).toBeUndefined();
    sink.takeAgain(reader);
    await eventually(() => sink.seqs.at(-1) === world.seq, 'it has all');
    reader.close();
  });
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
