// A schedule's plan, drawn from its seed: how large the cluster is, how it is set, and which faults strike when.
import { defaultReplicaTimes, type ReplicaSettings } from '../replica/index.js';
import { Draws } from './draws.js';
import { usurpMs } from './usurp.js';

export interface Plan {
  readonly seed: number;
  readonly masters: number;
  readonly minInSync: number;
  readonly clients: number;
  readonly readers: number;
  /** How long faults may begin. */
  readonly durationMs: number;
  readonly replicaTimes: Omit<ReplicaSettings, 'masterId'>;
  readonly suspicionMs: number;
  /** The journal keeps so many applied entries. */
  readonly keepEntries: number;
  /** Whether deaths are reported. */
  readonly watchdogs: boolean;
  readonly faults: readonly Fault[];
}

export interface Fault {
  readonly atMs: number;
  readonly kind: FaultKind;
  /** Which master: the available one, or by number. */
  readonly on: number | 'available';
  readonly other: number;
  readonly forMs: number;
  readonly bothWays: boolean;
  readonly chance: number;
}

const weights = {
  crash: 16,
  'power-cut': 4,
  'crash-all': 3,
  hang: 12,
  'hang-router': 4,
  'cut-masters': 8,
  'cut-router': 8,
  'cut-off': 5,
  'cut-pair': 5,
  'cut-client': 2,
  'cut-router-all': 3,
  loss: 4,
  slow: 3,
  'break-lines': 6,
  'slow-disk': 5,
  'full-disk': 5,
  'failed-flush': 4,
  wipe: 3,
  'router-crash': 7,
  'router-disk': 6,
  'router-lost': 1,
  'router-restored': 4,
  switchover: 6,
  terminate: 5,
  swizzle: 4,
  hunt: 4,
  usurp: 6,
  unflushed: 4,
  stammer: 6,
} as const;

export type FaultKind = keyof typeof weights;

/** Until then the cluster forms undisturbed. */
const formingMs = 700;

export function planOf(seed: number): Plan {
  const draws = new Draws(Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995);
  const masters = draws.pick([1, 2, 2, 3, 3, 3, 3, 4, 5]);
  const minInSync = masters === 1 ? 1 : masters === 2 ? draws.pick([1, 2]) : draws.pick([1, 2, 2]);
  const usual = draws.chance(0.5);
  const suspicionMs = usual ? 500 : draws.between(250, 600);
  const leaseMs = usual ? 400 : Math.round(suspicionMs * (0.5 + draws.next() * 0.4));
  const lagMs = usual ? 500 : draws.between(250, 600);
  const usualMs = draws.between(1500, 5500);
  const watchdogs = draws.chance(0.7);
  const faults = faultsOf(draws, masters, usualMs);
  return {
    seed,
    masters,
    minInSync,
    clients: draws.between(1, 3),
    readers: draws.between(0, 2),
    durationMs: Math.max(usualMs, ...faults.map(({ atMs, kind }) => (kind === 'usurp' ? atMs + usurpMs : 0))),
    replicaTimes: { ...defaultReplicaTimes, leaseMs, lagMs },
    suspicionMs,
    keepEntries: draws.pick([10, 40, 200]),
    watchdogs,
    faults,
  };
}

function faultsOf(draws: Draws, masters: number, durationMs: number): readonly Fault[] {
  const faults: Fault[] = [];
  let atMs = formingMs + draws.between(0, 300);
  while (atMs < durationMs) {
    const kind = draws.weighted(weights);
    faults.push({
      atMs,
      kind,
      on: draws.chance(0.55) ? 'available' : draws.between(0, masters - 1),
      other: draws.between(0, 99),
      forMs: draws.chance(0.3) ? draws.between(5, 150) : draws.between(100, 1800),
      bothWays: draws.chance(0.6),
      chance: draws.next(),
    });
    // Mostly one after the other, sometimes on top of each other, now and then a quiet time.
    const mood = draws.next();
    // One that takes its time is left alone.
    atMs += kind === 'usurp' ? usurpMs : 0;
    atMs +=
      mood < 0.3 ? draws.between(0, 80) : mood < 0.9 ? draws.between(50, 900) : draws.between(1000, 2500);
  }
  return faults;
}
