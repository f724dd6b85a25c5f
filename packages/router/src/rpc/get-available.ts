import type { GetAvailableResponse } from '@everline/contracts';
import { available } from '@everline/protocol/configuration';
import { refusal } from '../errors.js';
import type { Office } from './office.js';

export function getAvailable({ decider, clock }: Office): GetAvailableResponse {
  const now = available(decider.rules, decider.told, clock.nowMs());
  if (now.kind === 'available') {
    return { address: now.address, masterId: now.masterId, epoch: BigInt(now.epoch) };
  }
  const waitsFor = now.waitsFor.join(',');
  const text = waitsFor === '' ? 'no master has come yet' : `no master may serve; waits for ${waitsFor}`;
  throw refusal('NO_AVAILABLE_MASTER', text, { waits_for: waitsFor });
}
