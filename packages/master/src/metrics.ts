import type { Metrics } from '@everline/chassis';
import type { OpenedRole } from './role/open-role.js';

/** What a person looks at first when something is slow; read at the scrape, so they cost nothing in between. */
export function measure(metrics: Metrics, heart: () => OpenedRole): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    metrics.gauge({ name: `everline_master_${name}`, help, read });
  };
  const replica = () => heart().replication.host.replica;
  gauge('available', '1 while this master serves clients', () => (heart().role.reigns ? 1 : 0));
  gauge('epoch', 'the newest epoch it has promised to', () => replica().standing.promisedEpoch);
  gauge('flushed_seq', 'its journal is on disk up to here', () => replica().standing.flushedSeq);
  gauge('committed_seq', 'committed, as far as it knows', () => replica().standing.committedSeq);
  gauge(
    'in_sync',
    'members of the in-sync set',
    () => replica().standing.configuration?.inSyncIds.length ?? 0,
  );
  gauge('proposals', 'commands that somebody waits for', () => heart().replication.proposals.size);
  gauge('standby_streams', 'standbys that follow this master', () => heart().replication.shipper.count);
}
