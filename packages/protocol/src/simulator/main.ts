// `pnpm simulate`: the decision modules of router and master in a bad world, from a seed. See README.md beside.
import { type Options, readOptions, usage } from './options.js';
import { planOf } from './plan.js';
import { runSchedule } from './run.js';
import { shrink, wordsOf } from './shrink.js';
import { soak } from './soak.js';

/** A soak that is shorter need not have met every fault. */
const coveringSchedules = 400;
const mostLines = 400;

const options = readOptions(process.argv.slice(2));
if (options === undefined) {
  console.error(usage);
  process.exitCode = 64;
} else process.exitCode = options.kind === 'replay' ? replay(options) : run(options);

function replay({ plan, tracing }: Extract<Options, { kind: 'replay' }>): number {
  const result = runSchedule(plan, tracing);
  for (const line of result.trace) console.log(line);
  for (const finding of result.findings) console.log(finding);
  const seconds = (result.simulatedMs / 1000).toFixed(1);
  console.log(`seed ${plan.seed}: ${result.findings.length} findings, ${seconds} simulated seconds`);
  return result.findings.length > 0 ? 1 : 0;
}

function run({ fromSeed, schedules: most, minutes }: Extract<Options, { kind: 'soak' }>): number {
  const beganS = process.uptime();
  const tookS = (): number => process.uptime() - beganS;
  const enough = (schedules: number): boolean => schedules >= most || tookS() >= minutes * 60;
  const { schedules, simulatedMs, counters, failed } = soak(fromSeed, enough);
  for (const [what, times] of [...counters.counts].toSorted())
    console.log(`${String(times).padStart(10)} ${what}`);
  const rate = Math.round(simulatedMs / 1000 / (tookS() / 60));
  console.log(
    `${schedules} schedules from seed ${fromSeed}, ${Math.round(simulatedMs / 1000)} simulated seconds in ${tookS().toFixed(0)} s: ${rate} a minute`,
  );
  if (failed !== undefined) {
    const small = shrink(failed);
    const words = wordsOf(small.plan, planOf(small.plan.seed));
    console.log(runSchedule(small.plan, true).trace.slice(-mostLines).join('\n'));
    console.log(
      `seed ${failed.plan.seed}: ${failed.findings.join('; ')}\nmade smaller: ${small.findings.join('; ')}`,
    );
    console.log(`again: pnpm simulate ${words} --trace`);
    return 1;
  }
  const { missing } = counters;
  if (schedules < coveringSchedules || missing.length === 0) return 0;
  console.log(`never happened: ${missing.join(', ')}`);
  return 1;
}
