import type { ReportDeathRequest, ReportDeathResponse } from '@everline/contracts';
import { ask } from './ask.js';
import { checkId, plainText } from './fields.js';
import type { Office } from './office.js';

export async function reportDeath(
  { decider }: Office,
  { masterId, incarnation, how }: ReportDeathRequest,
): Promise<ReportDeathResponse> {
  checkId('master_id', masterId);
  checkId('incarnation', incarnation);
  await ask(decider, { kind: 'death-reported', masterId, incarnation, how: plainText(how) });
  return {};
}
