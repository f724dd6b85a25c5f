import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Log, Random } from '@everline/chassis';
import { type Disk, nodeDisk } from './disk.js';
import { DiskSpace } from './disk-space.js';
import { fromStored, type Home, toStored } from './facts.js';
import { FactsFile } from './facts-file.js';
import { Failure } from './failure.js';
import { factsFile, foldersOf, isNew, makeFolders, setAllAside, tidy } from './folder.js';
import { Generation } from './generation.js';
import { MasterStore } from './master-store.js';
import type { Facts, Store } from './store.js';

export interface StoreOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log;
  /** Another one in tests. */
  readonly disk?: Disk;
  /** Of the newest entries, in memory. */
  readonly recentBytes?: number;
  /** Of one file of the journal. */
  readonly fileBytes?: number;
  /** Of the journal, beside the newest file; what is not in the database yet is kept in any case. */
  readonly keepBytes?: number;
}

/** Some thousand short posts: more than are under way to a standby that keeps up. */
const standardRecentBytes = 1024 * 1024;
const standardFileBytes = 8 * 1024 * 1024;
const standardKeepBytes = 256 * 1024 * 1024;

/**
 * Opens what is in the directory, or begins anew in an empty one. One process at a time: whoever calls has made sure of it.
 * @throws DamagedStore, NewerFormat
 */
export async function openStore(dir: string, options: StoreOptions): Promise<Store> {
  const { clock, random, log, disk = nodeDisk } = options;
  await mkdir(dir, { recursive: true });
  const generationOptions = {
    disk,
    clock,
    recentBytes: options.recentBytes ?? standardRecentBytes,
    fileBytes: options.fileBytes ?? standardFileBytes,
    keepBytes: options.keepBytes ?? standardKeepBytes,
    failure: new Failure(),
  };
  const fresh = await isNew(dir, disk);
  const found = fresh ? await begin(dir, disk, random) : find(dir, disk);
  await tidy(dir, disk, found.home.generation);
  const generation = await Generation.open(
    foldersOf(dir, found.home.generation),
    fresh ? 'nothing' : 'all',
    generationOptions,
  );
  const file =
    found.file ?? (await FactsFile.create(join(dir, factsFile), disk, toStored(found.home, found.facts)));
  if (fresh) await disk.syncFolder(dir);
  const space = new DiskSpace(dir, disk, clock);
  await space.look();
  return new MasterStore({
    ...found,
    factsFile: file,
    dir,
    disk,
    clock,
    random,
    log,
    space,
    generation,
    generationOptions,
  });
}

/** `--reset-from-peers`: whatever is there is kept aside. @returns where, or undefined when there was nothing */
export async function resetStore(dir: string, disk: Disk = nodeDisk): Promise<string | undefined> {
  await mkdir(dir, { recursive: true });
  return await setAllAside(dir, disk);
}

interface Found {
  readonly home: Home;
  readonly facts: Facts;
  /** Undefined until it is written: when everything else is there. */
  readonly file: FactsFile | undefined;
}

function find(dir: string, disk: Disk): Found {
  const { file, facts } = FactsFile.read(join(dir, factsFile), disk);
  const { masterId, generation } = facts;
  return { file, facts: fromStored(facts), home: { masterId, generation } };
}

async function begin(dir: string, disk: Disk, random: Random): Promise<Found> {
  const home = { masterId: random.uuid(), generation: 1 };
  await makeFolders(dir, disk, home.generation);
  return { home, facts: { history: 0, promisedEpoch: 0 }, file: undefined };
}
