/**
 * W2: the control socket's name follows from the data directory alone, so that whoever means the same directory, by whatever path, meets the same lock.
 */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** `abstract`: a name in the kernel, freed with its process. `path`: a file, stale when a connection is refused. */
export interface ControlAddress {
  readonly kind: 'abstract' | 'path';
  readonly path: string;
}

/**
 * All bytes of a socket's name after the first, which is zero. Node 20 fills a shorter abstract name up with zeros, Node 22 and later do not:
 * only a name of full length is the same name for both.
 */
const abstractNameBytes = 107;
/** The shortest limit of the systems that have one (104 with the final zero) less some room. */
const maxSocketPathBytes = 100;

export function controlAddress(
  dataDir: string,
  kind: ControlAddress['kind'] = process.platform === 'linux' ? 'abstract' : 'path',
): ControlAddress {
  const real = realDirectory(dataDir);
  const hash = createHash('sha256').update(real).digest('hex');
  if (kind === 'abstract') {
    const name = `everline/control/${hash}`;
    return { kind, path: `\0${name.padEnd(abstractNameBytes, '.')}` };
  }
  const inside = join(real, 'control.sock');
  if (Buffer.byteLength(inside) <= maxSocketPathBytes) return { kind, path: inside };
  return { kind, path: join(ownFolder(), `${hash.slice(0, 32)}.sock`) };
}

/** The directory without links; what does not exist yet keeps its name. */
function realDirectory(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(realDirectory(parent), basename(absolute));
  }
}

/** For data directories whose own path is too long for a socket. Others could lay a trap there, so it must be ours alone. */
function ownFolder(): string {
  const user = process.getuid?.() ?? 0;
  const folder = `/tmp/everline-${user}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  if (uid !== user || (mode & 0o077) !== 0) throw new Error(`${folder} must belong to user ${user} alone`);
  return folder;
}
