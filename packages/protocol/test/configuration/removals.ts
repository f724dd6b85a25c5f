/** A rule, and the change to the compiled module that takes it away. `line` occurs exactly once in the file. */
export interface Removal {
  readonly rule: string;
  readonly file: string;
  readonly line: string;
  readonly instead: string;
}

export const removals: readonly Removal[] = [
  {
    rule: 'R1, a change makes a new version',
    file: 'alter-in-sync',
    line: 'version: configuration.version + 1',
    instead: 'version: configuration.version',
  },
  {
    rule: 'R1, a request with an old version is refused',
    file: 'alter-in-sync',
    line: 'event.version !== configuration.version',
    instead: 'false',
  },
  {
    rule: 'R1, an epoch is never used twice',
    file: 'begin-reign',
    line: 'configuration.epoch + 1',
    instead: 'configuration.epoch || 1',
  },
  {
    rule: 'R1, a router with an old state decides nothing',
    file: 'register',
    line: 'event.version > configuration.version || event.epoch > configuration.epoch',
    instead: 'false',
  },
  {
    rule: 'R1, nobody is taken off the list before the available master has been heard',
    file: 'unlist-gone',
    line: 'memberOf(state, configuration.availableId) === undefined',
    instead: 'false',
  },
  {
    rule: 'R2, a standby does not alter the set',
    file: 'alter-in-sync',
    line: 'masterId === configuration.availableId && ',
    instead: '',
  },
  {
    rule: 'R2, a reign that is over does not alter the set',
    file: 'alter-in-sync',
    line: ' && epoch === configuration.epoch',
    instead: '',
  },
  {
    rule: 'R3, only one that is in sync',
    file: 'choose-available',
    line: '=> isInSync(configuration, masterId)',
    instead: '=> true',
  },
  {
    rule: 'R3, only one that is alive',
    file: 'choose-available',
    line: '=> isAlive(rules, member, nowMs)',
    instead: '=> true',
  },
  {
    rule: 'R3, a longer journal comes before the list',
    file: 'choose-available',
    line: 'isLonger(other, member)) ? 1 : 0',
    instead: 'isLonger(other, member)) ? 0 : 0',
  },
  {
    rule: 'R3, only reports of one moment are compared',
    file: 'choose-available',
    line: 'one.settled.seq > other.lastSeq && one.settled.atMs <= other.heardMs',
    instead: 'one.lastSeq > other.lastSeq',
  },
  {
    rule: 'R4, a failover keeps the set',
    file: 'begin-reign',
    line: '...configuration, version',
    instead: '...configuration, inSyncIds: [masterId], version',
  },
  { rule: 'R5, the floor', file: 'alter-in-sync', line: 'inSyncIds.length < floor', instead: 'false' },
  {
    rule: 'R6, a returning master goes to the end',
    file: 'register',
    line: "isNewProcess ? 'end' : 'keep'",
    instead: "'keep'",
  },
  {
    rule: 'R6, a redial keeps the place',
    file: 'register',
    line: "isNewProcess ? 'end' : 'keep'",
    instead: "'end'",
  },
  {
    rule: 'R6, who has just failed stands back',
    file: 'penalise',
    line: 'return nowMs < ',
    instead: 'return nowMs < 0 && nowMs < ',
  },
  { rule: 'R6, the penalty doubles', file: 'penalise', line: '2 ** (strikes - 1)', instead: '1' },
  {
    rule: 'R7, only a registered master enters',
    file: 'alter-in-sync',
    line: 'return listed === true && ',
    instead: 'return listed === true || ',
  },
  {
    rule: 'R7, only the latest incarnation speaks',
    file: 'ping',
    line: 'member?.incarnation !== event.incarnation || ',
    instead: 'member === undefined || ',
  },
  {
    rule: 'R7, lost data is noticed at a ping',
    file: 'ping',
    line: 'event.lastSeq < committed',
    instead: 'false',
  },
  {
    rule: 'R7, lost data is noticed at a registration',
    file: 'register',
    line: 'event.lastSeq < committed',
    instead: 'false',
  },
  {
    rule: 'R7, a living process is not replaced',
    file: 'register',
    line: 'former.incarnation !== event.incarnation && ',
    instead: 'false && ',
  },
  { rule: 'R8, a standby that still hears it', file: 'suspect', line: ' && !said.heard', instead: '' },
  {
    rule: 'R8, the second witness',
    file: 'suspect',
    line: '(said.missed && !said.heard)',
    instead: '!said.heard',
  },
  {
    rule: 'R8, a broken stream alone is not certainty',
    file: 'suspect',
    line: 'broken && said.refusedThere',
    instead: 'broken',
  },
  {
    rule: 'R8, patience after a start',
    file: 'begin',
    line: 'patientUntilMs: at.nowMs + rules.suspicionMs',
    instead: 'patientUntilMs: 0',
  },
  { rule: 'R8, patience after a stall', file: 'notice-stall', line: 'stalled ? ', instead: 'false ? ' },
  { rule: 'R8, the hold ends', file: 'suspect', line: 'silentMs >= holdMs', instead: 'false' },
  {
    rule: 'R9, no new cluster around a member of one',
    file: 'register',
    line: "event.clusterId === ''",
    instead: 'true',
  },
  {
    rule: 'R9, no foreign master',
    file: 'register',
    line: 'event.clusterId !== configuration.clusterId',
    instead: 'false',
  },
  {
    rule: 'R9, every listed master is heard',
    file: 'recover',
    line: ' || unheard(state).length > 0',
    instead: '',
  },
  {
    rule: 'R9, not only those in sync are heard',
    file: 'recover',
    line: 'listed.map(({ masterId }) => masterId)',
    instead: '(newestCopy(state)?.inSyncIds ?? [])',
  },
  {
    rule: 'R9, who holds less than the chosen one is not in sync',
    file: 'recover',
    line: 'one.lastSeq >= other.lastSeq',
    instead: 'true',
  },
  {
    rule: 'R9, who has more of an older reign does not hold what the chosen one holds',
    file: 'recover',
    line: 'one.lastEpoch === other.lastEpoch && ',
    instead: '',
  },
  {
    rule: 'R9, the journals tell of a reign that no copy tells of',
    file: 'recover',
    line: 'latest > newest.epoch',
    instead: 'false',
  },
  {
    rule: 'R9, the highest version wins',
    file: 'recover',
    line: 'one.version > newest.version',
    instead: 'one.version < newest.version',
  },
  { rule: 'R10, the flag', file: 'force-available', line: '!acceptDataLoss', instead: 'false' },
  {
    rule: 'R10, a new history',
    file: 'force-available',
    line: 'configuration.history + 1',
    instead: 'configuration.history',
  },
  {
    rule: 'M10, a certificate is of one incarnation',
    file: 'report-death',
    line: ' && reign.incarnation === incarnation',
    instead: '',
  },
  {
    rule: 'M10, only the resigned epoch has ended',
    file: 'ping',
    line: 'reign.epoch === resignedEpoch && ',
    instead: '',
  },
];
