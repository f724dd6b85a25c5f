// Makes a failing plan smaller, for as long as it still fails: fewer faults, fewer masters and clients, a shorter time.
import type { Plan } from './plan.js';
import { type Result, runSchedule } from './run.js';

/** Tries, at most. */
const mostTries = 400;

export function shrink(failing: Result): Result {
  let best = failing;
  let tries = 0;
  const attempt = (plan: Plan): boolean => {
    if (tries++ >= mostTries) return false;
    const result = runSchedule(plan);
    if (result.findings.length === 0) return false;
    best = result;
    return true;
  };
  for (
    let size = Math.ceil(best.plan.faults.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < best.plan.faults.length; ) {
      const faults = best.plan.faults.toSpliced(from, size);
      if (!attempt({ ...best.plan, faults })) from += size;
    }
  }
  while (best.plan.readers > 0 && attempt({ ...best.plan, readers: best.plan.readers - 1 }));
  while (best.plan.clients > 1 && attempt({ ...best.plan, clients: best.plan.clients - 1 }));
  for (const ms of [2000, 1000, 500])
    while (attempt({ ...best.plan, durationMs: best.plan.durationMs - ms }));
  return best;
}

/** What a smaller plan leaves of the drawn one, as words for the command line. */
export function wordsOf({ seed, faults, readers, clients, durationMs }: Plan, drawn: Plan): string {
  const kept = drawn.faults.flatMap((fault, nth) =>
    faults.some(({ atMs, kind }) => atMs === fault.atMs && kind === fault.kind) ? [nth] : [],
  );
  return `--seed ${seed} --faults ${kept.join(',') || 'none'} --clients ${clients} --readers ${readers} --duration ${durationMs}`;
}
