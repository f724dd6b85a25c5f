import * as wire from '@everline/contracts';
import {
  type ClusterEvent,
  type ClusterEventKind,
  describeMasters,
  type MasterRole,
  type MasterStatus,
} from '@everline/protocol/configuration';
import type { Office } from './office.js';

const roles: Record<MasterRole, wire.MasterRole> = {
  available: wire.MasterRole.MASTER_ROLE_AVAILABLE,
  standby: wire.MasterRole.MASTER_ROLE_STANDBY,
  'catching-up': wire.MasterRole.MASTER_ROLE_CATCHING_UP,
  gone: wire.MasterRole.MASTER_ROLE_GONE,
};

const kinds: Record<ClusterEventKind, wire.ClusterEventKind> = {
  formed: wire.ClusterEventKind.CLUSTER_EVENT_KIND_FORMED,
  joined: wire.ClusterEventKind.CLUSTER_EVENT_KIND_JOINED,
  gone: wire.ClusterEventKind.CLUSTER_EVENT_KIND_GONE,
  'in-sync': wire.ClusterEventKind.CLUSTER_EVENT_KIND_IN_SYNC,
  'out-of-sync': wire.ClusterEventKind.CLUSTER_EVENT_KIND_OUT_OF_SYNC,
  failover: wire.ClusterEventKind.CLUSTER_EVENT_KIND_FAILOVER,
  switchover: wire.ClusterEventKind.CLUSTER_EVENT_KIND_SWITCHOVER,
  forced: wire.ClusterEventKind.CLUSTER_EVENT_KIND_FORCED,
  recovered: wire.ClusterEventKind.CLUSTER_EVENT_KIND_RECOVERED,
};

export function describeCluster({ decider, clock }: Office): wire.DescribeClusterResponse {
  const { rules, told } = decider;
  const { configuration, events } = told.durable;
  const masters = describeMasters(rules, told, clock.nowMs());
  return {
    clusterId: configuration?.clusterId ?? '',
    epoch: BigInt(configuration?.epoch ?? 0),
    version: BigInt(configuration?.version ?? 0),
    minInSync: configuration?.minInSync ?? rules.minInSync,
    history: configuration?.history ?? 0,
    liveCopies: masters.filter(({ inSync, alive }) => inSync && alive).length,
    masters: masters.map(statusOf),
    events: events.map(eventOf),
  };
}

function statusOf({ masterId, address, role, inSync, alive, member }: MasterStatus): wire.MasterStatus {
  const since = member?.stream.phase === 'open' ? member.stream.sinceWallMs : undefined;
  return {
    masterId,
    address,
    role: roles[role],
    inSync,
    alive,
    lastSeq: BigInt(member?.lastSeq ?? 0),
    committedSeq: BigInt(member?.committedSeq ?? 0),
    aliveSince: since === undefined ? undefined : timestamp(since),
    version: member?.software ?? '',
    stateHash: member?.stateHash ?? '',
    stateHashSeq: BigInt(member?.stateHashSeq ?? 0),
  };
}

function eventOf({ atWallMs, epoch, what, kind, masterId, tookMs }: ClusterEvent): wire.ClusterEvent {
  return {
    at: timestamp(atWallMs),
    epoch: BigInt(epoch),
    what,
    kind: kinds[kind],
    masterId,
    tookMs: Math.round(tookMs),
  };
}

function timestamp(wallMs: number): { seconds: bigint; nanos: number } {
  const whole = Math.trunc(wallMs);
  return { seconds: BigInt(Math.floor(whole / 1_000)), nanos: (whole % 1_000) * 1_000_000 };
}
