// The words after `pnpm simulate`.
import { type Plan, planOf } from './plan.js';

export type Options =
  | { readonly kind: 'replay'; readonly plan: Plan; readonly tracing: boolean }
  | {
      readonly kind: 'soak';
      readonly fromSeed: number;
      readonly schedules: number;
      readonly minutes: number;
    };

export const usage = `pnpm simulate --seed N [--trace]            one schedule
pnpm simulate --minutes M [--from N]        schedule after schedule, on one core
pnpm simulate --schedules N [--from N]
A failing seed is made smaller and told; the command that replays it stands below.`;

/** Undefined: not understood. */
export function readOptions(words: readonly string[]): Options | undefined {
  const given = new Map<string, string>();
  let tracing = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '--trace') tracing = true;
    else if (word === '--') continue;
    else if (word.startsWith('--')) given.set(word.slice(2), words[++i] ?? '');
    else return undefined;
  }
  const number = (name: string, otherwise: number): number => Number(given.get(name) ?? otherwise);
  if ([...given.keys()].some((name) => !known.includes(name))) return undefined;
  if (given.has('seed')) return { kind: 'replay', plan: smaller(planOf(number('seed', 1)), given), tracing };
  if (!given.has('minutes') && !given.has('schedules')) return undefined;
  return {
    kind: 'soak',
    fromSeed: number('from', 1),
    schedules: number('schedules', Number.POSITIVE_INFINITY),
    minutes: number('minutes', Number.POSITIVE_INFINITY),
  };
}

const known = ['seed', 'minutes', 'schedules', 'from', 'faults', 'clients', 'readers', 'duration'];

function smaller(plan: Plan, given: ReadonlyMap<string, string>): Plan {
  const kept = given.get('faults')?.split(',').map(Number);
  return {
    ...plan,
    faults: kept === undefined ? plan.faults : plan.faults.filter((_, nth) => kept.includes(nth)),
    clients: Number(given.get('clients') ?? plan.clients),
    readers: Number(given.get('readers') ?? plan.readers),
    durationMs: Number(given.get('duration') ?? plan.durationMs),
  };
}
