import type { Applied } from '../state/applied.js';

/** The open timelines of this master. */
export interface Live {
  /** To be called with everything that is applied, in order, right after. */
  publish(applied: readonly Applied[]): void;
}
