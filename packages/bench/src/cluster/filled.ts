import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filler } from '../places.js';
import type { Bench } from '../subject.js';
import { Child } from './child.js';
import { Cluster } from './cluster.js';

/** What is in a store. */
export interface Size {
  readonly users: number;
  /** Of everybody. */
  readonly followees: number;
  readonly posts: number;
  /** The first so many users have posted, in turns. */
  readonly authors: number;
}

/** As the filler names them. */
export function userOf(number: number): string {
  return `user-${String(number).padStart(7, '0')}`;
}

/** A copy, for one user, of the folder of a cluster with one master that has all this. */
export async function filledFolder(bench: Bench, size: Size): Promise<string> {
  const original = join(bench.stores, `filled-${Object.values(size).join('-')}`);
  if (!existsSync(original)) await fill(bench, size, original);
  const folder = join(bench.scratch, bench.random.uuid());
  cpSync(original, folder, { recursive: true });
  return folder;
}

/** A cluster forms, ends, and its master's store is filled without it. Half a store is none. */
async function fill(bench: Bench, size: Size, original: string): Promise<void> {
  const folder = `${original}.draft`;
  rmSync(folder, { recursive: true, force: true });
  const fromMs = bench.clock.nowMs();
  const cluster = await Cluster.start(bench, { masters: 1, folder });
  const [master] = cluster.masters;
  await cluster[Symbol.asyncDispose]();
  if (master === undefined) throw new Error('a cluster has a master');
  const child = new Child([filler, master.plan.dataDir, JSON.stringify(size)], join(folder, 'filler.log'));
  const stop = (): void => void child.stop(bench.clock);
  bench.stop.addEventListener('abort', stop, { once: true });
  await child.untilEnded().finally(() => bench.stop.removeEventListener('abort', stop));
  renameSync(folder, original);
  const tookS = (bench.clock.nowMs() - fromMs) / 1_000;
  bench.say(`  filled with ${size.users} users and ${size.posts} posts in ${tookS.toFixed(0)} s`);
}
