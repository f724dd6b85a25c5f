import type { RouterEvent } from '@everline/protocol/configuration';
import type { Decider } from '../deciding/decider.js';
import { refusal, refusalFrom } from '../errors.js';

/** Resolves when what was granted is durable. @throws Refusal */
export function ask(decider: Decider, event: RouterEvent): Promise<void> {
  return new Promise((resolve, reject) => {
    const taken = decider.decide(event, (refused) => {
      if (refused === undefined) resolve();
      else reject(refusalFrom(refused));
    });
    if (!taken)
      reject(
        refusal('QUEUE_FULL', 'the disk of the router takes no more: as many requests wait as it takes'),
      );
  });
}
