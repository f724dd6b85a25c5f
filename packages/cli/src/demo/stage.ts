import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@everline/chassis/clock';
import type { Environment } from '@everline/chassis/config';
import type { ClusterStatus } from '@everline/client';
import { bringDown, bringUp } from '../cluster/bring-up.js';
import { type ClusterPlan, planCluster, rolesOf } from '../cluster/plan.js';
import { freePorts } from '../cluster/ports.js';

/** A throw-away cluster: its processes and its folder end with it, however the demo ends. */
export interface Stage extends AsyncDisposable {
  readonly plan: ClusterPlan;
  readonly status: ClusterStatus;
}

const host = '127.0.0.1';
const masters = 2;

export async function buildStage(environment: Environment, interrupted: AbortSignal): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'everline-demo-'));
  const [routerPort = 0, ...masterPorts] = await freePorts(host, 1 + masters);
  const plan = planCluster({ dataDir, host, minInSync: 1, routerPort, masterPorts });
  const remove = (): void => rmSync(dataDir, { recursive: true, force: true });
  try {
    const status = await bringUp({
      plan,
      toStart: rolesOf(plan),
      environment,
      clock: systemClock,
      interrupted,
    });
    return {
      plan,
      status,
      async [Symbol.asyncDispose]() {
        await bringDown(rolesOf(plan), systemClock);
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
