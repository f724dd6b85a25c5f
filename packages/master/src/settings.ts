import { defineSettings, type SettingsOf, setting } from '@everline/chassis';

const table = {
  listen: setting.address({
    flag: '--listen',
    env: 'EVERLINE_LISTEN',
    default: '127.0.0.1:3011',
    help: 'where clients and other masters come to',
  }),
  advertise: setting.address({
    flag: '--advertise',
    env: 'EVERLINE_ADVERTISE',
    optional: true,
    help: 'the address that is handed to clients and masters, when it is not --listen',
  }),
  routers: setting.addresses({
    flag: '--router',
    env: 'EVERLINE_ROUTER',
    default: ['127.0.0.1:3010'],
    help: 'the routers',
  }),
  data: setting.directory({ flag: '--data', env: 'EVERLINE_DATA', help: 'the data directory' }),
  pingMs: setting.milliseconds({
    flag: '--ping-ms',
    env: 'EVERLINE_PING_MS',
    default: 100,
    min: 10,
    max: 10_000,
    help: 'between two pings to the router, and two beats to a standby',
  }),
  suspicionMs: setting.milliseconds({
    flag: '--suspicion-ms',
    env: 'EVERLINE_SUSPICION_MS',
    default: 500,
    max: 60_000,
    help: 'silence after which a router or another master is suspected; the same everywhere in a cluster',
  }),
  leaseMs: setting.milliseconds({
    flag: '--lease-ms',
    env: 'EVERLINE_LEASE_MS',
    default: 400,
    max: 60_000,
    help: 'how long reads may rest on an acknowledged beat; the same everywhere in a cluster',
  }),
  lagMs: setting.milliseconds({
    flag: '--lag-ms',
    env: 'EVERLINE_LAG_MS',
    default: 500,
    max: 600_000,
    help: 'a standby that is behind for longer is taken out of the in-sync set',
  }),
  resetFromPeers: setting.flag({
    flag: '--reset-from-peers',
    env: 'EVERLINE_RESET_FROM_PEERS',
    help: 'sets aside what is in the data directory and fetches everything anew, as a new master',
  }),
  metrics: setting.address({
    flag: '--metrics',
    env: 'EVERLINE_METRICS',
    optional: true,
    help: 'where metrics are served for Prometheus',
  }),
  logLevel: setting.choice(['debug', 'info', 'warn', 'error', 'silent'], {
    flag: '--log-level',
    env: 'EVERLINE_LOG_LEVEL',
    default: 'info',
    help: 'how much is logged',
  }),
};

export type Settings = SettingsOf<typeof table>;

export const definition = defineSettings(table, {
  name: 'everline-master',
  description: 'Keeps the timeline: serves it while it is the available master, or stands by.',
  check: relations,
});

type Times = Pick<Settings, 'pingMs' | 'suspicionMs' | 'leaseMs' | 'lagMs'>;

/** A sentence when two of them do not go together. */
export function relations({ pingMs, suspicionMs, leaseMs, lagMs }: Times): string | undefined {
  if (leaseMs <= 2 * pingMs)
    return `--lease-ms ${leaseMs} must be more than twice --ping-ms ${pingMs}: one lost beat would end every lease`;
  if (leaseMs >= suspicionMs)
    return `--lease-ms ${leaseMs} must be less than --suspicion-ms ${suspicionMs}: else a new master waits after every hang`;
  if (lagMs < 2 * pingMs)
    return `--lag-ms ${lagMs} must be at least twice --ping-ms ${pingMs}: standbys would leave the set for one late beat`;
  return undefined;
}
