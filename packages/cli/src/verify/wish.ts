import type { KillWish } from './killer.js';

export interface VerifyWish {
  readonly clients: number;
  readonly forMs: number;
  /** Posts a second, of all clients together. */
  readonly rate: number;
  readonly kill: KillWish | undefined;
}
