import type { Clock } from '@everline/chassis/clock';
import type { Random } from '@everline/chassis/random';

export type Unit = 'ms' | 's' | '/s' | '×' | 'µs' | 'MiB' | 'KiB' | 'posts' | 'calls';

/** One thing that was measured, a value for each round. */
export interface Figure {
  /** `subject/what`, as bars name it. */
  readonly id: string;
  readonly what: string;
  readonly unit: Unit;
  readonly values: readonly number[];
}

export interface Measured {
  readonly figures: readonly Figure[];
  /** What was chosen: writers, sizes, times. */
  readonly settings: Readonly<Record<string, string | number>>;
}

/** What a subject needs of the run it is part of. */
export interface Bench {
  readonly clock: Clock;
  readonly random: Random;
  /** Aborts when the run is to end: nothing may be left behind. */
  readonly stop: AbortSignal;
  /** Fewer and shorter rounds: to see that it runs, not to quote. */
  readonly quick: boolean;
  /** For clusters and stores; gone at the end. */
  readonly scratch: string;
  /** Where filled stores are kept for further subjects, and runs if somebody named the place. */
  readonly stores: string;
  say(line: string): void;
}

export interface Subject {
  readonly name: string;
  readonly what: string;
  measure(bench: Bench): Promise<Measured>;
}
