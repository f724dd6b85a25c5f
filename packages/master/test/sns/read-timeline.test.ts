import type { CallContext } from '@everline/chassis';
import { expect, test } from '@jest/globals';
import { readTimeline } from '../../src/sns/read-timeline.js';
import type { Services } from '../../src/sns/services.js';
import { Timelines } from '../../src/timeline/live.js';
import { NaiveWorld } from '../timeline/naive-view.js';
import { SlowLoop } from '../timeline/slow-loop.js';

const context = { deadlineMs: undefined, metadata: { get: () => [] } } as unknown as CallContext;

/** The handler of a master with one user, in which every page takes so long. */
function handlerOf(loop: SlowLoop, pageMs: number, onRead: () => void) {
  const { clock } = loop;
  const world = new NaiveWorld();
  world.login('ada');
  const timelines = new Timelines({ view: world.view, clock, beatMs: 20 });
  timelines.begin((seq) => `${seq}`, world.seq);
  const reign = {
    committedSeq: () => world.seq,
    read: async <T>(look: () => T): Promise<T> => {
      loop.nowMs += pageMs;
      onRead();
      return look();
    },
  };
  const role = { settled: () => Promise.resolve(), available: () => reign };
  const realm = () => ({ clusterId: 'c', history: 1 });
  return readTimeline({ view: world.view, timelines, role, clock, realm } as unknown as Services);
}

test('pages that are asked for at once are read a few in each turn of the loop, and all of them', async () => {
  const loop = new SlowLoop();
  let read = 0;
  const handler = handlerOf(loop, 1.5, () => read++);
  const request = { username: 'ada', pageSize: 20, before: '', includeOwn: true };
  const answers = Promise.all(Array.from({ length: 20 }, () => handler(request, context)));
  const inTurn: number[] = [];
  for (let turns = 0; turns < 30 && read < 20; turns++) {
    const before = read;
    await loop.turn();
    inTurn.push(read - before);
  }
  expect(Math.max(...inTurn)).toBeLessThanOrEqual(3);
  expect((await answers).length).toBe(20);
});
