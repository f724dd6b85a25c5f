import type { Metrics } from '@everline/chassis';
import type { Decider } from './deciding/decider.js';
import type { Lines } from './telling/lines.js';
import type { Watchers } from './telling/watchers.js';

/** What Prometheus reads. Asked at every scrape: nothing is counted while nobody looks. */
export function measure(metrics: Metrics, decider: Decider, lines: Lines, watchers: Watchers): void {
  const configuration = () => decider.told.durable.configuration;
  const gauges: ReadonlyArray<readonly [name: string, help: string, read: () => number]> = [
    ['everline_router_epoch', 'The present epoch', () => configuration()?.epoch ?? 0],
    ['everline_router_version', 'The version of the configuration', () => configuration()?.version ?? 0],
    ['everline_router_in_sync', 'Masters in the in-sync set', () => configuration()?.inSyncIds.length ?? 0],
    ['everline_router_masters', 'Masters whose DualPing stream lives', () => lines.size],
    ['everline_router_watchers', 'Clients that watch which master is available', () => watchers.size],
    [
      'everline_router_last_failover_milliseconds',
      'From the first sign of the fault to the new configuration being durable',
      () => decider.told.durable.events.find(({ kind }) => kind === 'failover')?.tookMs ?? 0,
    ],
  ];
  for (const [name, help, read] of gauges) metrics.gauge({ name, help, read });
}
