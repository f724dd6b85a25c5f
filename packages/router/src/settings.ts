import { defineSettings, logLevels, type SettingsOf, setting } from '@everline/chassis';

const table = {
  listen: setting.address({
    flag: '--listen',
    env: 'EVERLINE_LISTEN',
    default: '127.0.0.1:3010',
    help: 'where masters and clients find the router; port 0: the system chooses',
  }),
  data: setting.directory({
    flag: '--data',
    env: 'EVERLINE_DATA',
    help: 'where it keeps what it decided; made when it is not there',
  }),
  minInSync: setting.integer({
    flag: '--min-in-sync',
    env: 'EVERLINE_MIN_IN_SYNC',
    default: 1,
    min: 1,
    max: 64,
    help: 'no post is acknowledged by fewer masters than this',
  }),
  pingMs: setting.milliseconds({
    flag: '--ping-ms',
    env: 'EVERLINE_PING_MS',
    default: 100,
    min: 5,
    max: 60_000,
    help: 'how often masters ping',
  }),
  suspicionMs: setting.milliseconds({
    flag: '--suspicion-ms',
    env: 'EVERLINE_SUSPICION_MS',
    default: 500,
    min: 20,
    max: 600_000,
    help: 'a silence of this length is suspicious',
  }),
  recover: setting.flag({
    flag: '--recover',
    env: 'EVERLINE_RECOVER',
    help: 'rebuild a lost or outdated state from the copies that the masters keep',
  }),
  metrics: setting.address({
    flag: '--metrics',
    env: 'EVERLINE_METRICS',
    optional: true,
    help: 'where Prometheus reads metrics; without it there are none',
  }),
  logLevel: setting.choice(logLevels, {
    flag: '--log-level',
    env: 'EVERLINE_LOG_LEVEL',
    default: 'info',
    help: 'the least important events to log',
  }),
};

export type Settings = SettingsOf<typeof table>;

export const settings = defineSettings(table, {
  name: 'everline-router',
  description: 'Decides which master is available, and tells everyone.',
  check: ({ pingMs, suspicionMs }: Settings) =>
    suspicionMs < 3 * pingMs
      ? `--suspicion-ms must be at least three times --ping-ms (${3 * pingMs} ms), not ${suspicionMs} ms`
      : undefined,
});
