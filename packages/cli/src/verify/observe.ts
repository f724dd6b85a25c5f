import type { Clock } from '@everline/chassis/clock';
import type { Client } from '@everline/client';
import type { Evidence } from './evidence.js';

const everyMs = 1_000;

/** Asks the router again and again, until the signal aborts. That it does not answer for a while breaks no promise. */
export async function observe(
  client: Client,
  evidence: Evidence,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const status = await client.cluster({ timeoutMs: everyMs, signal }).catch(() => undefined);
    if (status !== undefined) evidence.hear(status);
    await clock.sleep(everyMs, signal).catch(() => {});
  }
}
