import type { MasterStatus } from '@everline/client';
import { Ending } from './ending.js';
import { shortId } from './print/status.js';

/** By its address, its id, or a beginning of its id that only one has. */
export function masterNamed(typed: string, masters: readonly MasterStatus[]): MasterStatus {
  const named = masters.filter(({ masterId, address }) => masterId.startsWith(typed) || address === typed);
  const [master, another] = named;
  if (typed !== '' && master !== undefined && another === undefined) return master;
  const known = masters.map(({ masterId, address }) => `${shortId(masterId)} (${address})`).join(', ');
  const what = another === undefined || typed === '' ? 'no master is' : 'several masters are';
  throw Ending.refused(`${what} named \`${typed}\`; there are ${known === '' ? 'none' : known}`);
}
