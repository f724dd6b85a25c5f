import fc, { type Arbitrary } from 'fast-check';
import type { Applied } from '../../src/state/applied.js';
import type { NaiveWorld } from './naive-view.js';

export interface Move {
  readonly kind: 'post' | 'follow' | 'unfollow';
  /** u0 to u4: who posts, or whom u0 follows. */
  readonly user: number;
}

/** u0 follows and unfollows the others, and everybody posts, mostly. */
export const moves: Arbitrary<readonly Move[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(
      'post' as const,
      'post' as const,
      'post' as const,
      'follow' as const,
      'unfollow' as const,
    ),
    user: fc.nat({ max: 4 }),
  }),
  { maxLength: 120, size: 'max' },
);

/** Undefined for what the state would refuse. */
export function act(world: NaiveWorld, { kind, user }: Move, text?: string): Applied | undefined {
  const name = `u${user}`;
  if (kind === 'post') return world.post(name, text);
  const follows = world.edges.some(({ follower, followee }) => follower === 'u0' && followee === name);
  if (user === 0 || follows === (kind === 'follow')) return undefined;
  return world[kind]('u0', name);
}
