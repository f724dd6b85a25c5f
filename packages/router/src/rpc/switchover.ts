import type { CallContext } from '@everline/chassis';
import { deadline } from '@everline/chassis';
import type { SwitchoverRequest, SwitchoverResponse } from '@everline/contracts';
import { available, type RouterState } from '@everline/protocol/configuration';
import { refusal } from '../errors.js';
import { ask } from './ask.js';
import { checkIdOrNone } from './fields.js';
import type { Office } from './office.js';

/** A little longer than the rules wait for the resignation: they say what came of it. */
const patienceMs = 15_000;

/** Returns when the new master has promised its epoch and so has begun to serve in it. */
export async function switchover(
  office: Office,
  { toMasterId }: SwitchoverRequest,
  context: CallContext,
): Promise<SwitchoverResponse> {
  checkIdOrNone('to_master_id', toMasterId);
  const { decider, clock } = office;
  const before = decider.told.durable.configuration;
  await ask(decider, { kind: 'switchover-asked', toMasterId });
  const stays = toMasterId !== '' && toMasterId === before?.availableId;
  using limit = deadline(clock, patienceMs, context.signal, 'the switchover');
  const formerEpoch = stays ? 0 : (before?.epoch ?? 0);
  const outcome = await decider.until((told) => outcomeOf(office, told, formerEpoch), limit.signal);
  if (outcome === 'given up') {
    throw refusal('NO_CANDIDATE', 'the available master did not resign, or the other one has gone meanwhile');
  }
  return outcome;
}

function outcomeOf(
  { decider, clock }: Office,
  told: RouterState,
  formerEpoch: number,
): SwitchoverResponse | 'given up' | undefined {
  const epoch = told.durable.configuration?.epoch ?? 0;
  if (epoch <= formerEpoch) return told.switchover === undefined ? 'given up' : undefined;
  const now = available(decider.rules, told, clock.nowMs());
  if (now.kind === 'none') return undefined;
  const member = told.members.find(({ masterId }) => masterId === now.masterId);
  if (member === undefined || member.epoch < now.epoch) return undefined;
  return { address: now.address, masterId: now.masterId, epoch: BigInt(now.epoch) };
}
