import type { Clock } from '@everline/chassis/clock';

/** What a subcommand stands on. */
export interface VerbContext {
  readonly clock: Clock;
  /** Where watchdogs keep their things unless `--data` says otherwise. */
  readonly defaultDataDir: string;
  /** Aborts at Ctrl-C. */
  readonly stop: AbortSignal;
  /** To stdout; resolves when it may go on, false when nobody reads any more. */
  print(text: string | Uint8Array): Promise<boolean>;
}

/** Resolves when it is done; rejects with `ExitWith` or `UsageError`. */
export type Verb = (argv: readonly string[], context: VerbContext) => Promise<void>;
