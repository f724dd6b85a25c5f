import type { Clock } from '@everline/chassis/clock';
import { type Identity, lives, signal } from '@everline/chassis/control';
import type { Events } from '../events.js';

const deathMs = 1_000;
const lookAgainMs = 10;

/** W1: the very process that we were linked to, or that the card of the lock names. Its place is free when it is gone. */
export async function removeFrozen(identity: Identity, events: Events, clock: Clock): Promise<void> {
  events.tell('keeper-hung', { pid: identity.pid, outcome: signal(identity, 'SIGKILL') });
  const untilMs = clock.nowMs() + deathMs;
  while (lives(identity) && clock.nowMs() < untilMs) await clock.sleep(lookAgainMs);
}
