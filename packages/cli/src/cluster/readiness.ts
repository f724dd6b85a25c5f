import type { Clock } from '@everline/chassis/clock';
import type { Client, ClusterStatus } from '@everline/client';
import type { ClusterPlan } from './plan.js';

const lookAgainMs = 20;
const callMs = 1_000;

interface Look {
  readonly client: Client;
  readonly plan: ClusterPlan;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What is missing still, each time it was looked. */
  onMissing?(reasons: readonly string[]): void;
}

/** Resolves when the whole cluster serves: one master available, every other in sync with it. */
export async function untilServing({ client, plan, clock, signal, onMissing }: Look): Promise<ClusterStatus> {
  for (;;) {
    signal.throwIfAborted();
    const status = await client.cluster({ timeoutMs: callMs, signal }).catch(() => undefined);
    const reasons = status === undefined ? ['the router does not answer'] : missing(status, plan);
    if (status !== undefined && reasons.length === 0) return status;
    onMissing?.(reasons);
    await clock.sleep(lookAgainMs, signal);
  }
}

/** What a person would want to hear when it takes too long. */
export function missing(status: ClusterStatus, plan: ClusterPlan): readonly string[] {
  const reasons: string[] = [];
  if (!status.masters.some(({ role, alive }) => role === 'available' && alive))
    reasons.push('no master is available');
  for (const { name, address } of plan.masters) {
    const master = status.masters.find((candidate) => candidate.address === address && candidate.alive);
    if (master === undefined) reasons.push(`${name} has not come`);
    else if (!master.inSync) reasons.push(`${name} is not in sync yet`);
  }
  return reasons;
}
