/**
 * Which master to go to, from what routers and masters say.
 * C3: the highest epoch ever seen is remembered, and nothing of an older one is taken.
 */

/** One saying: this master, or none, serves in this epoch. */
export interface Sight {
  readonly epoch: number;
  /** Empty: no master may serve. */
  readonly address: string;
  /** A router decides; a master passes on what it was told. */
  readonly from: 'router' | 'master';
}

export type Known =
  /** Nobody has said anything. */
  | { readonly kind: 'nothing' }
  /** In this epoch no master may serve. */
  | { readonly kind: 'vacant'; readonly epoch: number }
  | { readonly kind: 'master'; readonly epoch: number; readonly address: string };

export type Verdict = 'older' | 'nothing-new' | 'move' | 'vacant';

export function weigh(known: Known, sight: Sight): { readonly known: Known; readonly verdict: Verdict } {
  if (known.kind !== 'nothing') {
    // C3
    if (sight.epoch < known.epoch) return { known, verdict: 'older' };
    if (sight.epoch === known.epoch && !corrects(known, sight)) return { known, verdict: 'nothing-new' };
  }
  const { epoch, address } = sight;
  if (address === '') return { known: { kind: 'vacant', epoch }, verdict: 'vacant' };
  return { known: { kind: 'master', epoch, address }, verdict: 'move' };
}

/**
 * An epoch names one process, so within it a master that is named stays named: that none may serve *now* takes nothing away from one
 * that still answers. Only the router may say of the same epoch where its master is.
 */
function corrects(known: Exclude<Known, { kind: 'nothing' }>, sight: Sight): boolean {
  if (sight.address === '') return false;
  if (known.kind === 'vacant') return true;
  return sight.from === 'router' && sight.address !== known.address;
}
