// The data directory: the facts, and one folder with journal and state, named by its generation.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disk } from './disk.js';

export const factsFile = 'facts';

export interface Folders {
  readonly home: string;
  readonly journal: string;
  readonly state: string;
}

export function foldersOf(dir: string, generation: number): Folders {
  const home = join(dir, `generation-${generation}`);
  return { home, journal: join(home, 'journal'), state: join(home, 'state') };
}

/** Where what is in use is kept, when it is given up. At most this many are. */
const mostAside = 2;
const asidePattern = /^aside-(\d+)$/;
const generationPattern = /^generation-(\d+)$/;

/** Throws away what a restore left that was not finished, and sets aside what a discard left behind. */
export async function tidy(dir: string, disk: Disk, generation: number): Promise<void> {
  for (const { number } of await numbered(dir, disk, generationPattern)) {
    if (number > generation) await disk.remove(foldersOf(dir, number).home);
    else if (number < generation) await setAside(dir, disk, number);
  }
}

/** @returns where it is now */
export async function setAside(dir: string, disk: Disk, generation: number): Promise<string> {
  const aside = await nextAside(dir, disk);
  await disk.rename(foldersOf(dir, generation).home, aside);
  const kept = await numbered(dir, disk, asidePattern);
  for (const { name } of kept.slice(0, Math.max(0, kept.length - mostAside)))
    await disk.remove(join(dir, name));
  await disk.syncFolder(dir);
  return aside;
}

export async function makeFolders(dir: string, disk: Disk, generation: number): Promise<Folders> {
  const folders = foldersOf(dir, generation);
  await disk.remove(folders.home);
  await mkdir(folders.journal, { recursive: true });
  await mkdir(folders.state, { recursive: true });
  await disk.syncFolder(folders.home);
  await disk.syncFolder(dir);
  return folders;
}

export async function whatIsIn(
  dir: string,
  disk: Disk,
): Promise<{ readonly facts: boolean; readonly data: boolean }> {
  const names = await disk.list(dir);
  return { facts: names.includes(factsFile), data: names.some((name) => generationPattern.test(name)) };
}

/** Whatever state it is in: everything is kept aside, and the directory is as new. @returns where, or undefined when there was nothing */
export async function setAllAside(dir: string, disk: Disk): Promise<string | undefined> {
  const names = (await disk.list(dir)).filter((name) => name === factsFile || generationPattern.test(name));
  if (names.length === 0) return undefined;
  const aside = await nextAside(dir, disk);
  await mkdir(aside);
  for (const name of names) await disk.rename(join(dir, name), join(aside, name));
  await disk.syncFolder(dir);
  return aside;
}

async function nextAside(dir: string, disk: Disk): Promise<string> {
  const newest = (await numbered(dir, disk, asidePattern)).at(-1)?.number ?? 0;
  return join(dir, `aside-${newest + 1}`);
}

async function numbered(
  dir: string,
  disk: Disk,
  pattern: RegExp,
): Promise<{ readonly name: string; readonly number: number }[]> {
  const names = await disk.list(dir);
  return names
    .map((name) => ({ name, number: Number(pattern.exec(name)?.[1] ?? Number.NaN) }))
    .filter(({ number }) => !Number.isNaN(number))
    .sort((a, b) => a.number - b.number);
}
