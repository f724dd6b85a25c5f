// The rules, and what is left of each when it is taken away.
import { buries } from './buries.js';
import type { Edit, PlantedBug } from './with-bug.js';

/** The router's own assertions, so that a removal is found by what comes of it. */
const unasserted: Edit = ['configuration/lawful.js', 'if (!holds)', 'if (false)'];

/** Streams of which nobody cares any more go on, and what they bring is taken. */
export const lateWords: readonly Edit[] = [
  ['simulator/follow.js', "phase.line.close(0, 'broken')", 'undefined'],
  [
    'simulator/follow.js',
    "if (phase.kind !== 'streaming' || phase.line !== line)\n            return;\n        phase.heardAtMs = this.#master.nowMs;",
    "if (phase.kind === 'streaming' && phase.line === line) phase.heardAtMs = this.#master.nowMs;",
  ],
];

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
    seed: 2,
  },
  {
    without: 'M6: goes on in an older epoch',
    edits: [['replica/promise.js', 'reigned && role.epoch < epoch', 'false']],
    seed: 1,
  },
  {
    without: 'M7: serves before it has committed all it had',
    edits: [['replica/activate.js', 'standing.committedSeq < reign.beginSeq', 'false']],
    seed: 5,
  },
  {
    without: 'M9: a lease that counts from the answer',
    edits: [['replica/hear.js', 'Math.max(peer.leaseFromMs, heard.sentAtMs)', 'nowMs']],
    seed: 357,
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
    seed: 1,
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
    seed: 2,
  },
  {
    without: 'R3: makes anyone available',
    edits: [
      unasserted,
      ['configuration/choose-available.js', 'isInSync(configuration, masterId)', 'true'],
      ['replica/activate.js', '!isInSync(configuration, settings.masterId)', 'false'],
    ],
    seed: 8,
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
    seed: 6,
  },
  {
    without: 'R4: a failover takes the dead one out of the set',
    edits: [unasserted, ...buries],
    seed: 9_017_724,
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
    seed: 17,
  },
  {
    without: 'M5: does not wait for the one that is being added',
    edits: [['replica/commit.js', 'reign.pending?.inSyncIds ?? []', '[]']],
    seed: 116,
  },
  {
    without: 'M8: what the router confirms is taken for any epoch',
    edits: [
      ['simulator/reign.js', 'confirmed === undefined || confirmed !== epoch || !this.reigns()', 'false'],
      ['replica/read-lease.js', ' && role.epoch === epoch', ''],
    ],
    seed: 13,
  },
  {
    without: 'M9: reads without a lease',
    edits: [['replica/read-lease.js', 'peer === undefined || nowMs >=', 'false && nowMs >=']],
    seed: 13,
  },
  {
    without: 'R1: a master takes an older configuration',
    edits: [
      ['replica/learn.js', 'configuration.version <= (ended.standing.configuration?.version ?? 0)', 'false'],
    ],
    seed: 3,
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
    seed: 5,
  },
  {
    without: 'C4: calls refused what may be done',
    edits: [['caller/attempts.js', 'attempts.mayBeDone || mayBeDone', 'false']],
    seed: 61,
  },
  {
    without: 'M2: takes what comes late from an older epoch, where closing a stream does not stop it',
    edits: [...lateWords, ['replica/accept-append.js', 'append.epoch < promisedEpoch', 'false']],
    seed: 2,
  },
  {
    without: 'M2: acknowledges before its promise is on disk',
    edits: [['replica/acknowledge.js', 'standing.durableEpoch < source.epoch', 'false']],
    seed: 273,
  },
  {
    without: 'M5: takes a refusal for the end of the question',
    edits: [
      [
        'replica/step.js',
        'asked: { ...role.asked, refused: true }',
        'asked: { ...role.asked, refused: true }, pending: undefined',
      ],
    ],
    seed: 4968,
  },
  {
    without: 'M7: one epoch, two reigns, where the router does not tell one incarnation from the next',
    edits: [
      [
        'configuration/suspect.js',
        'member !== undefined && member.incarnation !== reign.incarnation',
        'false',
      ],
      ['replica/activate.js', 'configuration.epoch <= standing.barredEpoch', 'false'],
    ],
    seed: 16,
  },
  {
    without: 'M9: does not wait for the lease it granted',
    edits: [['replica/activate.js', 'turn.nowMs < leasesOverMs(standing, settings)', 'false']],
    seed: 248,
  },
  {
    without: 'M9: forgets over a restart that it may have granted one',
    edits: [['replica/open.js', 'promisedEpoch === 0 ? []', 'true ? []']],
    seed: 248,
  },
  {
    without: 'M13: believes a flush that failed',
    edits: [
      [
        'simulator/file.js',
        'if (this.#health.failing) {',
        'if (this.#health.failing) { this.#next(); return write.done(); }\n            if (false) {',
      ],
    ],
    seed: 15,
  },
  {
    without: 'R1: a router with an old file decides on',
    edits: [
      [
        'configuration/register.js',
        'event.version > configuration.version || event.epoch > configuration.epoch',
        'false',
      ],
    ],
    seed: 13,
  },
  {
    without: 'R1: a change is granted to whoever comes with an older version',
    edits: [['configuration/alter-in-sync.js', 'event.version !== configuration.version', 'false']],
    seed: 13,
  },
  {
    without: 'R2: the router adds to the set whoever registers',
    edits: [
      unasserted,
      [
        'configuration/listing.js',
        'return configuration;\n    return { ...configuration,',
        'return configuration;\n    return { ...configuration, inSyncIds: [...new Set([...configuration.inSyncIds, listing.masterId])],',
      ],
    ],
    seed: 2,
  },
  {
    without: 'R9: a router is rebuilt before everybody in sync was heard',
    edits: [['configuration/recover.js', ' || unheard(state).length > 0', '']],
    seed: 194,
  },
  {
    without: 'C3: believes whoever spoke last',
    edits: [['caller/sight.js', 'sight.epoch < known.epoch', 'false']],
    seed: 25,
  },
];
