import { duration } from '../print/duration.js';
import { type Finding, fault, ok, warning } from './finding.js';

export interface ClockReading {
  readonly wallMs: number;
  readonly elapsedMs: number;
}

/** 2025-01-01: no copy of this program is older. */
const earliestMs = 1_735_689_600_000;
/** A tenth of the default suspicion time: more makes a healthy process look frozen. */
const lateMs = 50;
const driftMs = 100;

/** Wall clocks order nothing, but people read them; the elapsed clock and punctual timers decide who is alive. */
export function judgeClock(before: ClockReading, after: ClockReading, asleepMs: number): readonly Finding[] {
  const elapsedMs = after.elapsedMs - before.elapsedMs;
  const driftedMs = Math.abs(after.wallMs - before.wallMs - elapsedMs);
  const findings: Finding[] = [];
  if (after.wallMs < earliestMs) {
    findings.push(fault('clock', 'the wall clock is in the past', 'set the time: posts carry it'));
  } else if (driftedMs > driftMs) {
    const what = `the wall clock was moved by ${duration(driftedMs)} just now`;
    findings.push(warning('clock', what, 'let one time service keep the clock; nothing is lost by a jump'));
  } else findings.push(ok('clock', 'the wall clock is plausible and steady'));
  const late = elapsedMs - asleepMs;
  if (late > lateMs) {
    const what = `timers come ${duration(late)} late: this machine is overloaded`;
    findings.push(warning('clock', what, 'give it more room, or raise --suspicion-ms of every role'));
  } else findings.push(ok('clock', `timers are punctual to ${duration(Math.max(0, late))}`));
  return findings;
}

interface MachineClock {
  nowMs(): number;
  wallMs(): number;
  sleep(ms: number): Promise<void>;
}

const asleepMs = 100;

export async function checkClock(clock: MachineClock): Promise<readonly Finding[]> {
  const read = (): ClockReading => ({ wallMs: clock.wallMs(), elapsedMs: clock.nowMs() });
  const before = read();
  await clock.sleep(asleepMs);
  return judgeClock(before, read(), asleepMs);
}
