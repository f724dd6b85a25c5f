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

/** Those that a few schedules find. For every other rule a transcript fails without it. */
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
    without: 'M2: acknowledges what is not flushed',
    file: 'acknowledge.js',
    find: 'Math.min(standing.flushedSeq, source.verifiedSeq)',
    put: 'source.verifiedSeq',
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
    without: 'M5: adds one that is not caught up',
    file: 'alter-in-sync.js',
    find: 'peer.matchSeq >= standing.committedSeq &&\n        peer.matchSeq >= reign.beginSeq &&\n        peer.nextSeq > turn.journal.lastSeq &&',
    put: '',
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
    without: 'M9: reads without a lease',
    file: 'read-lease.js',
    find: 'nowMs >= peer.leaseFromMs + Math.min(settings.leaseMs, peer.leaseMs)',
    put: 'false',
  },
  {
    without: 'M10: resigns and goes on reading',
    file: 'become.js',
    find: "return withRole(replica, { kind: 'resigned', epoch: from.epoch });",
    put: 'return withRole(replica, { ...from, untilMs: Infinity });',
  },
];
