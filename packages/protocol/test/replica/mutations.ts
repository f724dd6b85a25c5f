// Rules taken away, one at a time, by editing a copy of the compiled core: the production code has no switch for it.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Core } from './toy-world.js';

export interface Mutation {
  /** The rule, and what is left of it. */
  readonly without: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
  readonly masters?: number;
  readonly minInSync?: number;
}

const source = join(dirname(fileURLToPath(import.meta.url)), '../../src');

/** The core with one rule removed. */
export async function mutated({ file, find, put }: Mutation): Promise<Core> {
  const folder = mkdtempSync(join(tmpdir(), 'everline-core-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const part of ['replica', 'configuration']) {
    cpSync(join(source, part), join(folder, part), { recursive: true });
  }
  const path = join(folder, 'replica', file);
  const text = readFileSync(path, 'utf8');
  if (text.split(find).length !== 2) throw new Error(`${file} must have this exactly once: ${find}`);
  writeFileSync(path, text.replace(find, put));
  return import(pathToFileURL(join(folder, 'replica/index.js')).href);
}

export const mutations: readonly Mutation[] = [
  {
    without: 'M1: commits what is on its own disk alone',
    file: 'commit.js',
    find: 'seq = Math.min(seq, peerOf(reign, id)?.matchSeq ?? 0);',
    put: '',
  },
  {
    without: 'M2: accepts appends of an older epoch',
    file: 'accept-append.js',
    find: 'append.epoch < promisedEpoch',
    put: 'false',
  },
  {
    without: 'M2: takes entries without looking at the one before',
    file: 'accept-append.js',
    find: '!matches(append, turn.journal)',
    put: 'append.prevSeq > turn.journal.lastSeq',
  },
  {
    without: 'M2: acknowledges what is not flushed',
    file: 'acknowledge.js',
    find: 'Math.min(standing.flushedSeq, source.verifiedSeq)',
    put: 'source.verifiedSeq',
  },
  {
    without: 'M2: takes a flush of what was truncated for one of what came in its place',
    file: 'step.js',
    find: 'generation !== standing.generation ||',
    put: '',
  },
  {
    without: 'M3: counts acknowledgements of another epoch',
    file: 'hear.js',
    find: 'heard.epoch !== role.epoch',
    put: 'false',
  },
  {
    without: 'M3: takes the guess for the acknowledged position',
    file: 'commit.js',
    find: 'peerOf(reign, id)?.matchSeq ?? 0',
    put: '(peerOf(reign, id)?.nextSeq ?? 1) - 1',
  },
  {
    without: 'M4: ignores a member before the router has confirmed',
    file: 'commit.js',
    find: 'configuration.inSyncIds.filter((id) => id !== masterId)',
    put: '(reign.asked ?? configuration).inSyncIds.filter((id) => id !== masterId)',
  },
  {
    without: 'M5: does not wait for one that is being added',
    file: 'alter-in-sync.js',
    find: 'return ask(replica, reign, configuration, larger, pending, turn);',
    put: 'return ask(replica, reign, configuration, larger, undefined, turn);',
  },
  {
    without: 'M5: adds one that is not caught up',
    file: 'alter-in-sync.js',
    find: 'peer.matchSeq >= standing.committedSeq &&\n        peer.matchSeq >= reign.beginSeq &&\n        peer.nextSeq > turn.journal.lastSeq &&',
    put: '',
  },
  {
    without: 'M5: forgets an addition that was refused',
    file: 'step.js',
    find: 'asked: { ...role.asked, refused: true } }',
    put: 'asked: undefined, pending: undefined }',
  },
  {
    without: 'M6: goes on in an older epoch',
    file: 'promise.js',
    find: 'reigned && role.epoch < epoch',
    put: 'false',
  },
  {
    without: 'M7: one epoch, two reigns',
    file: 'activate.js',
    find: 'configuration.epoch <= standing.barredEpoch',
    put: 'false',
  },
  {
    without: 'M7: serves before it has committed all it had',
    file: 'activate.js',
    find: 'standing.committedSeq < reign.beginSeq',
    put: 'false',
  },
  {
    without: 'M7, M9: does not wait out the leases that it granted',
    file: 'activate.js',
    find: 'turn.nowMs < leasesOverMs(standing, settings)',
    put: 'false',
  },
  {
    without: 'M9: forgets over a restart that it granted one',
    file: 'open.js',
    find: '[{ epoch: anyEpoch, atMs: nowMs }]',
    put: '[]',
  },
  {
    without: 'M9: reads without a lease',
    file: 'read-lease.js',
    find: 'nowMs >= fromMs + settings.leaseMs',
    put: 'false',
  },
  {
    without: 'M9: a lease from when the answer came',
    file: 'hear.js',
    find: 'Math.max(peer.leaseFromMs, heard.sentAtMs)',
    put: 'nowMs',
  },
  {
    without: 'M10: resigns and goes on reading',
    file: 'become.js',
    find: "return withRole(replica, { kind: 'resigned', epoch: from.epoch });",
    put: 'return withRole(replica, { ...from, untilMs: Infinity });',
  },
];
