import type { Clock } from '@everline/chassis/clock';
import type { Random } from '@everline/chassis/random';
import type { Events } from '../events.js';
import type { Reporter } from '../report/report.js';
import type { Home, Settings } from '../settings.js';
import type { StateFile } from '../state-file.js';
import type { StopWish } from '../stop-wish.js';

/** What the parts of a keeper share. */
export interface KeeperContext {
  readonly settings: Settings;
  readonly home: Home;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: Events;
  readonly wish: StopWish;
  readonly state: StateFile;
  readonly reporter: Reporter;
  tellGuardian(name: string, body: Readonly<Record<string, unknown>>): void;
}
