import type { Context } from '../context.js';

/** C5: what a call that has no master to go to waits for, in one phrase. */
export function waitedForMaster({ masters, routers }: Pick<Context, 'masters' | 'routers'>): string {
  const { known, seeking, outdated } = masters;
  const doubtful = outdated === undefined ? '' : `; a router speaks of epoch ${outdated}, which is over`;
  if (known.kind === 'nothing') return `a router (${routers.trouble})`;
  if (known.kind === 'vacant') {
    return `an available master: none may serve since epoch ${known.epoch} (routers: ${routers.trouble}${doubtful})`;
  }
  const why = seeking === undefined || seeking.trouble === '' ? '' : ` (${seeking.trouble})`;
  return `a connection to the master ${known.address} of epoch ${known.epoch}${why}; routers: ${routers.trouble}${doubtful}`;
}
