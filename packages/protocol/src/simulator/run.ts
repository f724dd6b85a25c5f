// One schedule: faults, then everything heals, then the bill.
import { Unlawful } from '../configuration/index.js';
import type { Counters } from './counters.js';
import { heal } from './heal.js';
import { Broken } from './oracle.js';
import type { Plan } from './plan.js';
import { settleUp } from './settle-up.js';
import { strike } from './strike.js';
import { World } from './world.js';

export interface Result {
  readonly plan: Plan;
  readonly findings: readonly string[];
  readonly counters: Counters;
  readonly simulatedMs: number;
  readonly steps: number;
  readonly trace: readonly string[];
}

export function runSchedule(plan: Plan, tracing = false): Result {
  const world = new World(plan, tracing);
  const { schedule, oracle, counters, trace } = world;
  for (const fault of plan.faults) schedule.after(fault.atMs, () => strike(world, fault));
  try {
    schedule.run(plan.durationMs, () => world.over);
    if (!world.over) {
      heal(world);
      settleUp(world);
    }
  } catch (error) {
    if (error instanceof Unlawful) oracle.findings.push(`the router ends itself: ${error.message}`);
    else if (!(error instanceof Broken)) throw error;
  }
  return {
    plan,
    findings: oracle.findings,
    counters,
    simulatedMs: schedule.nowMs,
    steps: schedule.steps,
    trace,
  };
}
