import type { SwitchoverResponse } from '@everline/contracts';
import { callRouter } from '../calls/router-call.js';
import type { CallOptions } from '../client.js';
import type { Context } from '../context.js';

export interface SwitchedOver {
  readonly address: string;
  readonly masterId: string;
  readonly epoch: number;
}

/** Asked once: unanswered, it may have happened, and asked again it might go back. */
export async function switchover(
  context: Context,
  toMasterId: string,
  options: CallOptions = {},
): Promise<SwitchedOver> {
  const request = { toMasterId };
  const { address, masterId, epoch } = await callRouter<SwitchoverResponse>(
    context,
    {
      once: `switchover ${toMasterId}`.trim(),
      send: (router, ...rest) => router.switchover(request, ...rest),
    },
    options,
  );
  return { address, masterId, epoch: Number(epoch) };
}
