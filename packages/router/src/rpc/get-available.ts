import type { GetAvailableResponse } from '@everline/contracts';
import { available } from '@everline/protocol/configuration';
import { refusal } from '../errors.js';
import type { Office } from './office.js';

export function getAvailable({ decider, clock }: Office): GetAvailableResponse {
  const now = available(decider.rules, decider.told, clock.nowMs());
  if (now.kind === 'available') {
    const { address, masterId, clusterId } = now;
    return { address, masterId, epoch: BigInt(now.epoch), clusterId };
  }
  const waitsFor = now.waitsFor.join(',');
  const text = waitsFor === '' ? 'no master has come yet' : `no master may serve; waits for ${waitsFor}`;
  throw refusal('NO_AVAILABLE_MASTER', text, { waits_for: waitsFor });
}
