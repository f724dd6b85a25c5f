import type { ClusterPlan } from '../cluster/plan.js';

export const killKinds = ['available', 'standby', 'router', 'random'] as const;
export type KillKind = (typeof killKinds)[number];

/** A process by the folder that it holds. */
export interface Victim {
  readonly name: string;
  readonly dataDir: string;
}

/**
 * W5: a watchdog holds back for 30 s what dies more than five times in that time; whoever wants to see failovers must not kill it as often.
 * One fewer, for it may die once by itself, and a death is noticed later than it was caused.
 */
export const mostKills = 4;
const withinMs = 30_000;

/** The latest kills of each, by name. */
export type Kills = ReadonlyMap<string, readonly number[]>;

export function isSpared(victim: Victim, kills: Kills, nowMs: number): boolean {
  return (kills.get(victim.name) ?? []).filter((atMs) => nowMs - atMs < withinMs).length >= mostKills;
}

/** Pure. Those who may be killed now; empty: there is none of this kind at present. */
export function candidates(
  kind: KillKind,
  plan: ClusterPlan,
  availableAddress: string | undefined,
): readonly Victim[] {
  const { router, masters } = plan;
  switch (kind) {
    case 'available':
      return masters.filter(({ address }) => address === availableAddress);
    case 'standby':
      return availableAddress === undefined
        ? []
        : masters.filter(({ address }) => address !== availableAddress);
    case 'router':
      return [router];
    case 'random':
      return [router, ...masters, ...keepersOf(plan)];
  }
}

/** The watchdogs that keep the roles; each has a guardian that takes its place. */
function keepersOf({ router, masters }: ClusterPlan): readonly Victim[] {
  return [router, ...masters].map(({ name, watchdogDir }) => ({
    name: `the watchdog of ${name}`,
    dataDir: watchdogDir,
  }));
}
