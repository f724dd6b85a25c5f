import type { AlterInSyncRequest, AlterInSyncResponse } from '@everline/contracts';
import { toWire } from '../telling/wire.js';
import { ask } from './ask.js';
import { checkId, checkNumber, invalid } from './fields.js';
import type { Office } from './office.js';

/** As many as a router lists. */
const mostIds = 64;

export async function alterInSync(
  { decider }: Office,
  request: AlterInSyncRequest,
): Promise<AlterInSyncResponse> {
  const { masterId, epoch, version, inSyncIds } = request;
  checkId('master_id', masterId);
  checkNumber('epoch', epoch);
  checkNumber('version', version);
  if (inSyncIds.length > mostIds) invalid('in_sync_ids', `at most ${mostIds} ids`);
  for (const id of inSyncIds) checkId('in_sync_ids', id);
  await ask(decider, {
    kind: 'in-sync-altered',
    masterId,
    epoch: Number(epoch),
    version: Number(version),
    inSyncIds,
  });
  const { configuration } = decider.told.durable;
  return { configuration: configuration === undefined ? undefined : toWire(configuration) };
}
