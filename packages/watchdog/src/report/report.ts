import type { Address } from '@everline/chassis/address';
import type { Clock } from '@everline/chassis/clock';
import type { Random } from '@everline/chassis/random';
import type { Events } from '../events.js';
import type { DeathNotice } from '../state-file.js';

export interface Reporter extends Disposable {
  /** Is on its way when this call returns. */
  report(notice: DeathNotice): void;
  /** Resolves when every report was taken, or given up. */
  settled(): Promise<void>;
}

export interface ReporterOptions {
  readonly routers: readonly Address[];
  readonly clock: Clock;
  readonly random: Random;
  readonly events: Events;
  /** Every router took it, or it is too old to be of use. */
  onSettled(notice: DeathNotice): void;
}

export type CreateReporter = (options: ReporterOptions) => Reporter;

/** Where there is no router, every report has been taken. */
export const createSilentReporter: CreateReporter = ({ onSettled }) => ({
  report: onSettled,
  settled: async () => undefined,
  [Symbol.dispose]: () => undefined,
});
