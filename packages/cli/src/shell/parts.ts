import type { Client } from '@everline/client';
import type { Line } from '../lines.js';
import type { Reconnections } from './reconnections.js';

/** What both modes of the shell work with. */
export interface ShellParts {
  readonly client: Client;
  readonly reconnections: Reconnections;
  /** Aborts when the person interrupts, when nobody reads the output, and when another shell has the session. */
  readonly signal: AbortSignal;
  /** To stdout, as it is. */
  write(text: string): void;
  /** To stderr: what the original had no words for. */
  explain(text: string): void;
  /** Undefined at the end of the input; rejects when `signal` aborts. */
  nextLine(): Promise<Line | undefined>;
  pause(ms: number, signal: AbortSignal): Promise<void>;
}
