import type { ForceAvailableResponse } from '@everline/contracts';
import { callRouter } from '../calls/router-call.js';
import type { ForceOptions } from '../client.js';
import type { Context } from '../context.js';

/** R10; asked once, as every forced change begins a new history. */
export async function forceAvailable(
  context: Context,
  masterId: string,
  options: ForceOptions,
): Promise<void> {
  const request = { masterId, acceptDataLoss: options.acceptDataLoss };
  await callRouter<ForceAvailableResponse>(
    context,
    {
      once: `force-available ${masterId}`,
      send: (router, ...rest) => router.forceAvailable(request, ...rest),
    },
    options,
  );
}
