import { planOf } from './plan.js';
import { runSchedule } from './run.js';
const from = Number(process.argv[2] ?? 1), n = Number(process.argv[3] ?? 1), trace = process.argv[4] === 't';
const t = process.uptime(); let ms = 0, steps = 0; const counts = new Map<string, number>(); let bad = 0;
for (let s = from; s < from + n; s++) {
  const r = runSchedule(planOf(s), trace);
  ms += r.simulatedMs; steps += r.steps;
  for (const [k, v] of r.counters.counts) counts.set(k, (counts.get(k) ?? 0) + v);
  if (trace) console.log(r.trace.join('\n'));
  if (r.findings.length) { bad++; if (bad < 15) console.log('seed', s, r.findings[0]); }
}
const took = process.uptime() - t;
console.log(n, 'schedules', bad, 'bad', took.toFixed(1), 's', (ms / 1000 / took * 60).toFixed(0), 'sim s/min', steps);
console.log([...counts].sort().map(([k, v]) => `${k}=${v}`).join(' '));
