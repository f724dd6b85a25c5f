import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether `mountSmall` may be called. */
export const smallFileSystem = {
  there: process.platform === 'linux' && process.getuid?.() === 0,
  name: 'root on Linux, for a small file system',
};

/** A file system of its own in `folder`. */
export function mountSmall(folder: string, megabytes: number): string {
  mkdirSync(folder, { recursive: true });
  const args = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder];
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`mount: ${stderr}`);
  return folder;
}

/** One on which nothing can be written any more. */
export function mountFull(folder: string): string {
  takeRest(mountSmall(folder, 1));
  return folder;
}

/** Writes until the file system is full; the file can be removed to make room. */
export function takeRest(folder: string): string {
  const path = join(folder, 'ballast');
  const chunk = Buffer.alloc(64 * 1024);
  for (const size of [chunk.length, 4_096, 512, 1])
    try {
      for (;;) writeFileSync(path, chunk.subarray(0, size), { flag: 'a' });
    } catch {
      // full for pieces of this size
    }
  return path;
}

export function unmount(folder: string): void {
  spawnSync('umount', ['--lazy', folder], { stdio: 'ignore' });
}
