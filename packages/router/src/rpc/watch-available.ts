import type { CallContext, Out } from '@everline/chassis';
import type { WatchAvailableResponse } from '@everline/contracts';
import { available } from '@everline/protocol/configuration';
import type { Office } from './office.js';

export function watchAvailable(
  { decider, clock, watchers }: Office,
  context: CallContext,
  out: Out<WatchAvailableResponse>,
): Promise<void> {
  return watchers.watch(available(decider.rules, decider.told, clock.nowMs()), context, out);
}
