import type { Broken } from './verdict.js';

/** What has been counted so far. */
export interface Figures extends Broken {
  readonly written: number;
  readonly read: number;
  readonly refused: number;
  readonly longestMs: number;
  readonly epoch: number;
  readonly killed: number;
}
