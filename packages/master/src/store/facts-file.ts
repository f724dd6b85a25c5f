/**
 * Who this master is and what it has promised, in one small file with two copies. Both are written, one after the other, so that at any time one of
 * them is whole: a copy that a crash tore says nothing that anybody was told.
 */
import { crc32 } from 'node:zlib';
import { StoredFacts } from '@everline/contracts';
import type { Disk } from './disk.js';
import { DamagedStore, NewerFormat } from './errors.js';

/** Of the data directory. */
export const format = 1;

/** Room for one copy: a configuration of some hundred masters. */
const slotBytes = 64 * 1024;
const headBytes = 16;
const magic = 0x45_56_46_31;

interface Copy {
  readonly version: number;
  readonly facts: StoredFacts;
}

export class FactsFile {
  readonly #path: string;
  readonly #disk: Disk;
  #version: number;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, disk: Disk, version: number) {
    this.#path = path;
    this.#disk = disk;
    this.#version = version;
  }

  /** @throws DamagedStore, NewerFormat */
  static read(path: string, disk: Disk): { readonly file: FactsFile; readonly facts: StoredFacts } {
    const bytes = disk.readSync(path, 0, 2 * slotBytes);
    const copies = [readCopy(bytes, 0), readCopy(bytes, slotBytes)].filter((copy) => copy !== undefined);
    const newest = copies.sort((a, b) => a.version - b.version).at(-1);
    if (newest === undefined) throw new DamagedStore(path, 'neither of its copies is whole');
    if (newest.facts.format > format) throw new NewerFormat(path, newest.facts.format, format);
    return { file: new FactsFile(path, disk, newest.version), facts: newest.facts };
  }

  static async create(path: string, disk: Disk, facts: StoredFacts): Promise<FactsFile> {
    const file = new FactsFile(path, disk, 0);
    await file.write(facts);
    return file;
  }

  /** Durable when it resolves. In the order of the calls. */
  write(facts: StoredFacts): Promise<void> {
    const copy = encodeCopy({ version: ++this.#version, facts });
    const written = this.#writing.then(() => this.#writeBoth(copy));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #writeBoth(copy: Buffer): Promise<void> {
    await using file = await this.#disk.open(this.#path);
    for (const at of [0, slotBytes]) {
      await file.write(copy, at);
      await file.sync();
    }
  }
}

function encodeCopy({ version, facts }: Copy): Buffer {
  const payload = StoredFacts.encode(facts).finish();
  if (headBytes + payload.length > slotBytes)
    throw new RangeError(`the configuration takes ${payload.length} bytes: too many masters`);
  const copy = Buffer.alloc(headBytes + payload.length);
  copy.writeUInt32BE(magic);
  copy.writeUInt32BE(version, 4);
  copy.writeUInt32BE(payload.length, 8);
  copy.set(payload, headBytes);
  copy.writeUInt32BE(crcOf(copy, payload.length), 12);
  return copy;
}

function readCopy(bytes: Buffer, at: number): Copy | undefined {
  if (bytes.length < at + headBytes || bytes.readUInt32BE(at) !== magic) return undefined;
  const length = bytes.readUInt32BE(at + 8);
  const copy = bytes.subarray(at, at + headBytes + length);
  if (copy.length < headBytes + length || copy.readUInt32BE(12) !== crcOf(copy, length)) return undefined;
  return { version: copy.readUInt32BE(4), facts: StoredFacts.decode(copy.subarray(headBytes)) };
}

function crcOf(copy: Buffer, length: number): number {
  return crc32(copy.subarray(headBytes, headBytes + length), crc32(copy.subarray(0, 12)));
}
