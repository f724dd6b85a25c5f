import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { live, move } from './chance.js';
import { Scene } from './scene.js';

const moves = fc.array(move, { minLength: 5, maxLength: 60 });

test('R1–R10 hold after every step of any story, for a floor of one and of two', () => {
  fc.assert(
    fc.property(moves, fc.constantFrom(1, 2), (story, floor) => {
      expect(live(story, new Scene({ minInSync: floor }))).toBeUndefined();
    }),
    { numRuns: 1_000 },
  );
}, 60_000);

test('a decision leaves the state before it untouched, and the durable part survives JSON', () => {
  const scene = new Scene();
  scene.register('A');
  scene.open('A');
  scene.register('B');
  scene.open('B');
  scene.alter('A', ['A', 'B']);
  const before = structuredClone(scene.state);
  const kept = scene.state;
  scene.reap('A');
  expect(kept).toEqual(before);
  expect(JSON.parse(JSON.stringify(scene.state.durable))).toEqual(scene.state.durable);
});

test('R6: an available master that pings keeps its role, whatever the others do', () => {
  fc.assert(
    fc.property(moves, (story) => {
      const scene = new Scene();
      const everyone: Array<'A' | 'B' | 'C' | 'D'> = ['A', 'B', 'C', 'D'];
      const others = story
        .filter((one) => !('id' in one) || one.id !== 'A')
        .filter(({ do: what }) => what !== 'force' && what !== 'restart' && what !== 'stall')
        .map((one) => (one.do === 'pass' ? { ...one, pinging: everyone } : one));
      expect(live([{ do: 'start', id: 'A' }, ...others], scene)).toBeUndefined();
      expect(scene.configuration).toMatchObject({ availableId: 'A', epoch: 1 });
    }),
    { numRuns: 200 },
  );
}, 60_000);
