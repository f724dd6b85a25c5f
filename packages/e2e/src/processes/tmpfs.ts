import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
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

/** Writes until so much is left; the file can be removed to make room. */
export function takeRest(folder: string, leftBytes = 0): string {
  const path = join(folder, 'ballast');
  const { bavail, bsize } = statfsSync(folder);
  const chunk = Buffer.alloc(64 * 1024);
  for (let bytes = bavail * bsize - leftBytes; bytes > 0; bytes -= chunk.length)
    if (!append(path, chunk.subarray(0, Math.min(bytes, chunk.length)))) break;
  // Whatever the file system still finds for pieces of this size.
  if (leftBytes === 0) for (const size of [4_096, 512, 1]) while (append(path, chunk.subarray(0, size)));
  return path;
}

function append(path: string, bytes: Uint8Array): boolean {
  try {
    writeFileSync(path, bytes, { flag: 'a' });
    return true;
  } catch {
    return false;
  }
}

export function unmount(folder: string): void {
  spawnSync('umount', ['--lazy', folder], { stdio: 'ignore' });
}
