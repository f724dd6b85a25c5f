import type { Clock } from '@everline/chassis/clock';
import { signal } from '@everline/chassis/control';
import type { Random } from '@everline/chassis/random';
import { holderOf } from '../cluster/holders.js';
import type { ClusterPlan } from '../cluster/plan.js';
import { candidates, isSpared, type KillKind, mostKills, type Victim } from './victim.js';

export interface KillWish {
  readonly kind: KillKind;
  readonly everyMs: number;
  /** Of the cluster that `everline up` runs here. */
  readonly dataDir: string;
}

export interface KillerParts {
  readonly wish: KillWish;
  readonly plan: ClusterPlan;
  readonly clock: Clock;
  readonly random: Random;
  readonly availableAddress: () => string | undefined;
  readonly onKilled: (victim: Victim, pid: number) => void;
}

/** `kill -9`, again and again, until `over`. */
export async function killAgainAndAgain(parts: KillerParts, over: AbortSignal): Promise<void> {
  const { wish, plan, clock, random, availableAddress, onKilled } = parts;
  const kills = new Map<string, readonly number[]>();
  while (!over.aborted) {
    await clock.sleep(wish.everyMs, over).catch(() => {});
    if (over.aborted) return;
    const nowMs = clock.nowMs();
    const from = candidates(wish.kind, plan, availableAddress()).filter(
      (one) => !isSpared(one, kills, nowMs),
    );
    const victim = from[Math.floor(random.next() * from.length)];
    const pid = victim === undefined ? undefined : await kill(victim, clock);
    if (victim === undefined || pid === undefined) continue;
    kills.set(victim.name, [...(kills.get(victim.name) ?? []).slice(-mostKills), nowMs]);
    onKilled(victim, pid);
  }
}

/** W1: the process that proves to hold the folder, by pid, start time and boot. Undefined: it is just starting again. */
async function kill(victim: Victim, clock: Clock): Promise<number | undefined> {
  const holder = await holderOf(victim.dataDir, clock);
  return holder !== undefined && signal(holder, 'SIGKILL') === 'sent' ? holder.pid : undefined;
}
