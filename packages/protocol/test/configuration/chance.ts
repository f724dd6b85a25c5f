// Random stories: any order of registrations, pings, breaks, deaths, requests, silences and restarts.
import fc from 'fast-check';
import type { Decision, RouterEvent } from '../../src/configuration/index.js';
import { Oracle } from './oracle.js';
import type { Scene } from './scene.js';

const ids = ['A', 'B', 'C', 'D'] as const;
const id = fc.constantFrom(...ids);
const some = fc.subarray([...ids], { minLength: 1 });

export const move = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('start' as const), id }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('dial' as const), id }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('break' as const), id }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reap' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('late' as const), id }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('ping' as const),
      id,
      refused: fc.boolean(),
      heardMsAgo: fc.constantFrom(0, 600, 4000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resign' as const), id }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('alter' as const),
      id,
      set: some,
      behind: fc.constantFrom(0, 0, 0, 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('switchover' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('force' as const), id, accept: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(20, 100, 600, 3_200),
      pinging: some,
      deaf: some,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stall' as const), ms: fc.constantFrom(300, 2_000) }) },
);
export type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

/** @returns what broke, undefined when every rule held */
export function live(moves: readonly Move[], scene: Scene): string | undefined {
  const oracle = new Oracle(scene);
  let broken: string | undefined;
  const send = scene.send.bind(scene);
  scene.send = (event: RouterEvent): Decision => {
    const before = scene.state;
    const decision = send(event);
    broken ??= oracle.judge({ before, event, decision });
    return decision;
  };
  for (const one of moves) {
    perform(scene, one);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

function perform(scene: Scene, one: Move): void {
  switch (one.do) {
    case 'start':
      scene.player(one.id).incarnation = `${one.id}${scene.nowMs}-${scene.state.durable.events.length}`;
      scene.break(one.id);
      if (scene.register(one.id).refused === undefined) scene.open(one.id);
      return;
    case 'dial':
      if (scene.register(one.id).refused === undefined) scene.open(one.id);
      return;
    case 'break':
      scene.break(one.id);
      return;
    case 'reap':
      scene.reap(one.id);
      return;
    case 'late':
      scene.ping(one.id, { incarnation: 'of long ago' });
      return;
    case 'ping':
      scene.ping(one.id, { availableUnreachable: one.refused, heardAvailableMsAgo: one.heardMsAgo });
      return;
    case 'resign':
      scene.ping(one.id, { resignedEpoch: scene.configuration?.epoch ?? 0 });
      return;
    case 'alter': {
      const by = one.behind === 0 ? (scene.configuration?.availableId ?? one.id) : one.id;
      const version = (scene.configuration?.version ?? 0) - one.behind;
      scene.alter(by, [...new Set([by, ...one.set])], { version });
      return;
    }
    case 'switchover':
      scene.send({ kind: 'switchover-asked', toMasterId: one.id });
      return;
    case 'force':
      scene.send({ kind: 'forced', masterId: one.id, acceptDataLoss: one.accept });
      return;
    case 'restart':
      scene.restartRouter();
      return;
    case 'stall':
      scene.nowMs += one.ms;
      return;
    case 'pass':
      pass(scene, one.ms, one.pinging, one.deaf);
  }
}

function pass(scene: Scene, ms: number, pinging: readonly string[], deaf: readonly string[]): void {
  const endMs = scene.nowMs + ms;
  while (scene.nowMs < endMs) {
    scene.nowMs += 20;
    scene.tick();
    if (scene.nowMs % 100 !== 0) continue;
    for (const id of pinging) {
      if (!deaf.includes(id)) scene.player(id).heardMs = scene.nowMs;
      scene.ping(id);
    }
  }
}
