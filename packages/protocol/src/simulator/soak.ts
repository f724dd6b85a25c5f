// Schedule after schedule, until one fails, or enough have run.
import { Counters } from './counters.js';
import { planOf } from './plan.js';
import { type Result, runSchedule } from './run.js';

export interface Soak {
  readonly schedules: number;
  readonly simulatedMs: number;
  readonly counters: Counters;
  readonly failed: Result | undefined;
}

/** @param enough asked before each schedule, with how many there were */
export function soak(fromSeed: number, enough: (schedules: number) => boolean): Soak {
  const counters = new Counters();
  let schedules = 0;
  let simulatedMs = 0;
  while (!enough(schedules)) {
    const result = runSchedule(planOf(fromSeed + schedules));
    schedules++;
    simulatedMs += result.simulatedMs;
    counters.add(result.counters);
    if (result.findings.length > 0) return { schedules, simulatedMs, counters, failed: result };
  }
  return { schedules, simulatedMs, counters, failed: undefined };
}
