import { join } from 'node:path';
import { formatAddress } from '../settings/parse.js';

/** One process of the cluster, and its watchdogs' own folder. */
export interface RolePlan {
  /** `router`, `master-1`, … */
  readonly name: string;
  readonly role: 'router' | 'master';
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly dataDir: string;
  readonly watchdogDir: string;
  /** For the role's bin. */
  readonly argv: readonly string[];
}

/** A cluster on one machine: the router and N masters, each with its place. */
export interface ClusterPlan {
  readonly dataDir: string;
  readonly router: RolePlan;
  readonly masters: readonly RolePlan[];
}

export interface ClusterWish {
  readonly dataDir: string;
  readonly host: string;
  readonly minInSync: number;
  readonly routerPort: number;
  /** One for each master. */
  readonly masterPorts: readonly number[];
}

export const mostMasters = 9;

export function planCluster(wish: ClusterWish): ClusterPlan {
  const { dataDir, host, minInSync, routerPort, masterPorts } = wish;
  const routerAddress = formatAddress(host, routerPort);
  const router = rolePlan('router', 'router', wish, routerPort, ['--min-in-sync', String(minInSync)]);
  const masters = masterPorts.map((port, index) =>
    rolePlan(`master-${index + 1}`, 'master', wish, port, ['--router', routerAddress]),
  );
  return { dataDir, router, masters };
}

export function rolesOf({ router, masters }: ClusterPlan): readonly RolePlan[] {
  return [router, ...masters];
}

function rolePlan(
  name: string,
  role: RolePlan['role'],
  { dataDir: root, host }: ClusterWish,
  port: number,
  more: readonly string[],
): RolePlan {
  const address = formatAddress(host, port);
  const dataDir = join(root, name);
  return {
    name,
    role,
    host,
    port,
    address,
    dataDir,
    watchdogDir: join(root, 'watchdog', name),
    argv: ['--listen', address, '--data', dataDir, ...more],
  };
}
