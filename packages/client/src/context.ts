import type { Clock } from '@everline/chassis/clock';
import type { Random } from '@everline/chassis/random';
import type { Home } from './cluster/home.js';
import type { Lifetime } from './lifetime.js';
import type { Standbys } from './masters/standbys.js';
import type { MasterSwitch } from './masters/switch.js';
import type { Routers } from './routers/routers.js';

/** What every call of one client stands on. */
export interface Context {
  readonly clock: Clock;
  readonly random: Random;
  readonly masters: MasterSwitch;
  readonly standbys: Pick<Standbys, 'next'>;
  readonly routers: Routers;
  readonly home: Home;
  readonly timeoutMs: number;
  readonly suspicionMs: number;
  /** Ends with `close`. */
  readonly lifetime: Lifetime;
}
