import {
  type DescribeClusterResponse,
  type ClusterEvent as WireEvent,
  ClusterEventKind as WireKind,
  type MasterStatus as WireMaster,
  MasterRole as WireRole,
} from '@everline/contracts';
import type {
  ClusterEvent,
  ClusterEventKind,
  ClusterStatus,
  MasterRole,
  MasterStatus,
} from '../cluster/status.js';
import { wallMsOf } from './wall-ms-of.js';

const roles: Readonly<Record<number, MasterRole>> = {
  [WireRole.MASTER_ROLE_AVAILABLE]: 'available',
  [WireRole.MASTER_ROLE_STANDBY]: 'standby',
  [WireRole.MASTER_ROLE_CATCHING_UP]: 'catching-up',
  [WireRole.MASTER_ROLE_GONE]: 'gone',
};

const kinds: Readonly<Record<number, ClusterEventKind>> = {
  [WireKind.CLUSTER_EVENT_KIND_FORMED]: 'formed',
  [WireKind.CLUSTER_EVENT_KIND_JOINED]: 'joined',
  [WireKind.CLUSTER_EVENT_KIND_GONE]: 'gone',
  [WireKind.CLUSTER_EVENT_KIND_IN_SYNC]: 'in-sync',
  [WireKind.CLUSTER_EVENT_KIND_OUT_OF_SYNC]: 'out-of-sync',
  [WireKind.CLUSTER_EVENT_KIND_FAILOVER]: 'failover',
  [WireKind.CLUSTER_EVENT_KIND_SWITCHOVER]: 'switchover',
  [WireKind.CLUSTER_EVENT_KIND_FORCED]: 'forced',
  [WireKind.CLUSTER_EVENT_KIND_RECOVERED]: 'recovered',
};

/** From the wire: 64-bit numbers become numbers here, exact to 2^53. */
export function statusOf(cluster: DescribeClusterResponse): ClusterStatus {
  const { clusterId, epoch, version, history, minInSync, liveCopies, masters, events } = cluster;
  return {
    clusterId,
    epoch: Number(epoch),
    version: Number(version),
    history,
    minInSync,
    liveCopies,
    masters: masters.map(masterOf),
    events: events.map(eventOf),
  };
}

function masterOf(master: WireMaster): MasterStatus {
  const { masterId, address, role, inSync, alive, lastSeq, committedSeq, aliveSince, version } = master;
  return {
    masterId,
    address,
    role: roles[role] ?? 'gone',
    inSync,
    alive,
    lastSeq: Number(lastSeq),
    committedSeq: Number(committedSeq),
    aliveSinceMs: aliveSince === undefined ? undefined : wallMsOf(aliveSince),
    version,
    stateHash: master.stateHash,
    stateHashSeq: Number(master.stateHashSeq),
  };
}

function eventOf({ at, epoch, what, kind, masterId, tookMs }: WireEvent): ClusterEvent {
  return {
    atMs: at === undefined ? 0 : wallMsOf(at),
    epoch: Number(epoch),
    what,
    kind: kinds[kind] ?? 'other',
    masterId: masterId === '' ? undefined : masterId,
    tookMs: tookMs === 0 ? undefined : tookMs,
  };
}
