import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@everline/chassis/clock';
import type { Environment } from '@everline/chassis/config';
import type { ClusterStatus } from '@everline/client';
import { bringDown, bringUp } from '../cluster/bring-up.js';
import { type ClusterPlan, planCluster, rolesOf } from '../cluster/plan.js';
import { freePorts } from '../cluster/ports.js';
import { hireCaretaker } from './hire-caretaker.js';

/** A throw-away cluster: its processes and its folder end with it, however the demo ends, `kill -9` included. */
export interface Stage extends AsyncDisposable {
  readonly plan: ClusterPlan;
  readonly status: ClusterStatus;
}

const host = '127.0.0.1';
const masters = 2;

export async function buildStage(environment: Environment, interrupted: AbortSignal): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'everline-demo-'));
  const [routerPort = 0, ...masterPorts] = await freePorts(host, 1 + masters);
  const wish = { dataDir, host, minInSync: 1, routerPort, masterPorts };
  const plan = planCluster(wish);
  const caretaker = hireCaretaker(wish);
  const leave = async (): Promise<void> => {
    rmSync(dataDir, { recursive: true, force: true });
    await caretaker[Symbol.asyncDispose]();
  };
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
        await leave();
      },
    };
  } catch (error) {
    await leave();
    throw error;
  }
}
