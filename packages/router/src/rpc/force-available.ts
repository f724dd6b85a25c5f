import type { ForceAvailableRequest, ForceAvailableResponse } from '@everline/contracts';
import { toWire } from '../telling/wire.js';
import { ask } from './ask.js';
import { checkId } from './fields.js';
import type { Office } from './office.js';

export async function forceAvailable(
  { decider, log }: Office,
  { masterId, acceptDataLoss }: ForceAvailableRequest,
): Promise<ForceAvailableResponse> {
  checkId('master_id', masterId);
  await ask(decider, { kind: 'forced', masterId, acceptDataLoss });
  log.warn({ masterId }, 'a master was made available by force');
  const { configuration } = decider.told.durable;
  return { configuration: configuration === undefined ? undefined : toWire(configuration) };
}
