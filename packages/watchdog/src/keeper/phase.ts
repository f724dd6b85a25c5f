import type { Child } from '../child/child.js';

/** What the keeper is at; each phase has what it needs. */
export type Phase =
  | { readonly kind: 'looking' }
  /** Somebody holds the child's lock who cannot be known. */
  | { readonly kind: 'locked'; readonly by: string }
  | RunningPhase
  | { readonly kind: 'waiting'; readonly untilMs: number; readonly held: boolean };

export interface RunningPhase {
  readonly kind: 'running';
  readonly child: Child;
  /** Where in the output file its own begins. */
  readonly outputFrom: number;
  /** Somebody asked for another start. */
  restartWanted: boolean;
}
