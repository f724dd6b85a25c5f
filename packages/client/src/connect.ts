import { type Clock, systemClock } from '@everline/chassis/clock';
import { type Random, systemRandom } from '@everline/chassis/random';
import type { Client, ConnectOptions } from './client.js';
import { Home } from './cluster/home.js';
import type { Context } from './context.js';
import { EverlineClient } from './everline-client.js';
import { Lifetime } from './lifetime.js';
import { Standbys } from './masters/standbys.js';
import { MasterSwitch } from './masters/switch.js';
import { millisecondsOf, routersOf } from './options.js';
import { Roster } from './routers/roster.js';
import { Routers } from './routers/routers.js';
import { times } from './times.js';

/**
 * Returns at once and connects by itself; every call waits for what it needs. Throws a TypeError or RangeError when an option breaks
 * its limit. Close it, or use `await using`: until then its connections keep the process alive.
 */
export function connect(options: ConnectOptions): Client {
  const { routerPollMs: pollMs, rosterSpreadMs: spreadMs } = times;
  return open(options, { clock: systemClock, random: systemRandom, pollMs, spreadMs });
}

export interface OpenParts {
  readonly clock: Clock;
  readonly random: Random;
  /** How often a router is asked although it would push. */
  readonly pollMs: number;
  /** Over how long clients spread their fetching of the list of masters. */
  readonly spreadMs: number;
}

/** The same with time, chance and pace given. */
export function open(options: ConnectOptions, { clock, random, pollMs, spreadMs }: OpenParts): Client {
  const { onMoved, signal } = options;
  const addresses = routersOf(options);
  const timeoutMs = millisecondsOf('timeoutMs', options.timeoutMs ?? times.callMs);
  const suspicionMs = millisecondsOf('suspicionMs', options.suspicionMs ?? times.suspicionMs);

  const lifetime = new Lifetime();
  const home = new Home();
  const standbys = new Standbys({ clock, random });
  const masters: MasterSwitch = new MasterSwitch({
    clock,
    random,
    standbys,
    onDoubt: () => routers.ask(),
    // In a turn of its own: what it throws is the application's, and must not stop the switch half-way.
    onMoved: (to) => onMoved !== undefined && clock.soon(() => onMoved(to)),
  });
  const routers: Routers = new Routers(addresses, {
    clock,
    random,
    pollMs,
    home,
    onSight: (sight) => {
      masters.told(sight);
      roster.changed();
    },
  });
  const roster = new Roster({ clock, random, spreadMs, routers, onList: (list) => standbys.want(list) });

  const context: Context = {
    clock,
    random,
    masters,
    standbys,
    routers,
    home,
    timeoutMs,
    suspicionMs,
    lifetime,
  };
  const client = new EverlineClient(context, options, () => {
    lifetime.close();
    for (const part of [roster, routers, masters, standbys]) part[Symbol.dispose]();
  });
  if (signal !== undefined) closeOn(signal, client, lifetime);
  return client;
}

function closeOn(signal: AbortSignal, client: EverlineClient, lifetime: Lifetime): void {
  const close = (): void => void client.close();
  if (signal.aborted) {
    close();
    return;
  }
  signal.addEventListener('abort', close);
  lifetime.onClose(() => signal.removeEventListener('abort', close));
}
