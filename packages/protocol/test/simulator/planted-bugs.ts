// Rules taken away, one at a time, by editing a copy of the compiled code: production code and simulator have no switch for it.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as plan from '../../src/simulator/plan.js';
import type * as run from '../../src/simulator/run.js';

/** In this file, instead of what occurs exactly once, this. */
export type Edit = readonly [file: string, find: string, put: string];

export interface PlantedBug {
  /** The rule, and what is left of it. */
  readonly without: string;
  readonly edits: readonly Edit[];
  /** A schedule that finds it. */
  readonly seed: number;
}

export interface Simulator {
  readonly planOf: typeof plan.planOf;
  readonly runSchedule: typeof run.runSchedule;
}

const source = join(dirname(fileURLToPath(import.meta.url)), '../../src');
const history = dirname(fileURLToPath(import.meta.resolve('@everline/history/package.json')));

/** The simulator and the decisions that run in it, with one rule removed. */
export async function withBug({ edits }: Pick<PlantedBug, 'edits'>): Promise<Simulator> {
  const folder = mkdtempSync(join(tmpdir(), 'everline-simulator-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const part of ['replica', 'configuration', 'caller', 'simulator']) {
    cpSync(join(source, part), join(folder, part), { recursive: true });
  }
  mkdirSync(join(folder, 'node_modules/@everline'), { recursive: true });
  symlinkSync(history, join(folder, 'node_modules/@everline/history'));
  for (const [file, find, put] of edits) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (text.split(find).length !== 2) throw new Error(`${file} must have this exactly once: ${find}`);
    writeFileSync(path, text.replace(find, put));
  }
  const load = (name: string) => import(pathToFileURL(join(folder, 'simulator', name)).href);
  const [{ planOf }, { runSchedule }] = await Promise.all([load('plan.js'), load('run.js')]);
  return { planOf, runSchedule };
}

/** The router's own assertions, so that a removal is found by what comes of it. */
const unasserted: Edit = ['configuration/lawful.js', 'if (!holds)', 'if (false)'];

export const plantedBugs: readonly PlantedBug[] = [
  {
    without: 'M1: commits what is on its own disk alone',
    edits: [['replica/commit.js', 'seq = Math.min(seq, peerOf(reign, id)?.matchSeq ?? 0);', '']],
    seed: 1,
  },
  {
    without: 'M2: acknowledges what is not flushed',
    edits: [
      ['replica/acknowledge.js', 'Math.min(standing.flushedSeq, source.verifiedSeq)', 'source.verifiedSeq'],
    ],
    seed: 1,
  },
  {
    without: 'M3: takes the guess for the acknowledged position',
    edits: [
      ['replica/commit.js', 'peerOf(reign, id)?.matchSeq ?? 0', '(peerOf(reign, id)?.nextSeq ?? 1) - 1'],
    ],
    seed: 1,
  },
  {
    without: 'M4: ignores a member before the router has confirmed',
    edits: [
      [
        'replica/commit.js',
        'configuration.inSyncIds.filter((id) => id !== masterId)',
        '(reign.asked ?? configuration).inSyncIds.filter((id) => id !== masterId)',
      ],
    ],
    seed: 1,
  },
  {
    without: 'M5: adds one that is not caught up, and waits for nobody who is new',
    edits: [
      ['replica/alter-in-sync.js', 'peer.matchSeq >= standing.committedSeq &&', ''],
      ['replica/alter-in-sync.js', 'peer.matchSeq >= reign.beginSeq &&', ''],
      ['replica/alter-in-sync.js', 'peer.nextSeq > turn.journal.lastSeq &&', ''],
    ],
    seed: 1,
  },
  {
    without: 'M6: goes on in an older epoch',
    edits: [['replica/promise.js', 'reigned && role.epoch < epoch', 'false']],
    seed: 3,
  },
  {
    without: 'M7: serves before it has committed all it had',
    edits: [['replica/activate.js', 'standing.committedSeq < reign.beginSeq', 'false']],
    seed: 1,
  },
  {
    without: 'M9: a lease that counts from the answer',
    edits: [['replica/hear.js', 'Math.max(peer.leaseFromMs, heard.sentAtMs)', 'nowMs']],
    seed: 137,
  },
  {
    without: 'M10: resigns and goes on reading',
    edits: [
      [
        'replica/become.js',
        "return withRole(replica, { kind: 'resigned', epoch: from.epoch });",
        'return withRole(replica, { ...from, untilMs: Infinity });',
      ],
    ],
    seed: 3,
  },
  {
    without: 'M15: does not know a command again',
    edits: [
      ['simulator/reign.js', 'if (seq !== undefined)', 'if (false)'],
      ['simulator/reign.js', 'if (underWay !== undefined)', 'if (false)'],
    ],
    seed: 1,
  },
  {
    without: 'R1: tells before it is durable',
    edits: [
      [
        'simulator/router.js',
        'this.keeper.keep(state.durable, () => {',
        'this.#finish(effects, state, refused, answered); this.keeper.keep(state.durable, () => {',
      ],
    ],
    seed: 1,
  },
  {
    without: 'R3: makes anyone available',
    edits: [
      unasserted,
      ['configuration/choose-available.js', 'isInSync(configuration, masterId)', 'true'],
      ['replica/activate.js', '!isInSync(configuration, settings.masterId)', 'false'],
    ],
    seed: 5,
  },
  {
    without: 'R4: a failover shrinks the set',
    edits: [
      unasserted,
      [
        'configuration/begin-reign.js',
        '...configuration, version',
        '...configuration, inSyncIds: [masterId], version',
      ],
    ],
    seed: 4,
  },
  {
    without: 'R5: the set becomes smaller than the floor',
    edits: [
      unasserted,
      ['configuration/alter-in-sync.js', 'inSyncIds.length < floor', 'false'],
      ['replica/alter-in-sync.js', 'inSyncIds.length - minInSync', 'inSyncIds.length - 1'],
    ],
    seed: 6,
  },
  {
    without: 'R7: a wiped disk keeps its id',
    edits: [['simulator/store.js', '++this.#storages', 'this.#storages']],
    seed: 14,
  },
  {
    without: 'M5: does not wait for the one that is being added',
    edits: [['replica/commit.js', 'reign.pending?.inSyncIds ?? []', '[]']],
    seed: 8,
  },
  {
    without: 'M8: what the router confirms is taken for any epoch',
    edits: [
      ['simulator/reign.js', 'confirmed === undefined || confirmed !== epoch || !this.reigns()', 'false'],
      ['replica/read-lease.js', ' && role.epoch === epoch', ''],
    ],
    seed: 2,
  },
  {
    without: 'M9: reads without a lease',
    edits: [['replica/read-lease.js', 'peer === undefined || nowMs >=', 'false && nowMs >=']],
    seed: 2,
  },
  {
    without: 'R1: a master takes an older configuration',
    edits: [
      ['replica/learn.js', 'configuration.version <= (ended.standing.configuration?.version ?? 0)', 'false'],
    ],
    seed: 36,
  },
  {
    without: 'C1: every try has an id of its own',
    edits: [
      [
        'simulator/caller.js',
        'to.reign.post(id, reply)',
        'to.reign.post(id + ".".repeat(call.tries), reply)',
      ],
    ],
    seed: 1,
  },
  {
    without: 'C2: a timeline does not remember what it took last',
    edits: [
      [
        'caller/progress.js',
        'progress: { cursor, lastSeq: link.seq,',
        'progress: { cursor: undefined, lastSeq: link.seq,',
      ],
    ],
    seed: 1,
  },
  {
    without: 'C4: calls refused what may be done',
    edits: [['caller/attempts.js', 'attempts.mayBeDone || mayBeDone', 'false']],
    seed: 304,
  },
];
