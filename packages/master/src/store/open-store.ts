import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Log, Random } from '@everline/chassis';
import { type Disk, nodeDisk } from './disk.js';
import { DiskSpace } from './disk-space.js';
import { DamagedStore } from './errors.js';
import { fromStored, type Home, toStored } from './facts.js';
import { FactsFile } from './facts-file.js';
import { Failure } from './failure.js';
import { factsFile, foldersOf, makeFolders, setAllAside, tidy, whatIsIn } from './folder.js';
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
  const { file, facts, home: kept } = (await find(dir, disk)) ?? (await begin(dir, disk, random));
  await tidy(dir, disk, kept.generation);
  const first = kept.generation === noGeneration;
  const home = first ? { ...kept, generation: 1 } : kept;
  const folders = first ? await makeFolders(dir, disk, home.generation) : foldersOf(dir, home.generation);
  const generation = await Generation.open(folders, first ? 'nothing' : 'all', generationOptions);
  if (first) await file.write(toStored(home, facts)).whole;
  const space = new DiskSpace(dir, disk, clock);
  await space.look();
  return new MasterStore({
    home,
    facts,
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

/** In the facts of whoever has only just begun: a generation counts when it is whole, and then the facts name it. */
const noGeneration = 0;

interface Found {
  readonly home: Home;
  readonly facts: Facts;
  readonly file: FactsFile;
}

/** Undefined when nobody has kept anything here. @throws DamagedStore, NewerFormat */
async function find(dir: string, disk: Disk): Promise<Found | undefined> {
  const found = await whatIsIn(dir, disk);
  const path = join(dir, factsFile);
  if (found.data && !found.facts) throw new DamagedStore(path, 'it is not there, and data is');
  if (!found.facts) return undefined;
  try {
    const { file, facts } = FactsFile.read(path, disk);
    const { masterId, generation } = facts;
    return { file, facts: fromStored(facts), home: { masterId, generation } };
  } catch (error) {
    // A first start that was killed while it wrote them.
    if (error instanceof DamagedStore && !found.data) return undefined;
    throw error;
  }
}

async function begin(dir: string, disk: Disk, random: Random): Promise<Found> {
  const home = { masterId: random.uuid(), generation: noGeneration };
  const facts = { history: 0, promisedEpoch: 0 };
  const file = await FactsFile.create(join(dir, factsFile), disk, toStored(home, facts));
  await disk.syncFolder(dir);
  return { home, facts, file };
}
