import type { Refusal } from '@everline/chassis/errors';
import type { Context } from '../context.js';

/** Reasons that say: this master is not, or not for long, the available one. */
const elsewhere: ReadonlySet<string> = new Set([
  'NOT_AVAILABLE_MASTER',
  'ROLE_MOVED',
  'SHUTTING_DOWN',
  'OTHER_CLUSTER',
]);

/** Takes from a master's refusal where the role has gone; when it does not know, the routers are asked. */
export function learnFrom(
  refusal: Refusal,
  { masters, routers }: Pick<Context, 'masters' | 'routers'>,
): void {
  if (!elsewhere.has(refusal.reason)) return;
  const { address, epoch } = refusal.metadata;
  const verdict =
    address === undefined || address === '' || !isEpoch(epoch)
      ? 'nothing-new'
      : masters.told({ epoch: Number(epoch), address, from: 'master' });
  if (verdict !== 'move') routers.ask();
}

function isEpoch(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,15}$/.test(text);
}
