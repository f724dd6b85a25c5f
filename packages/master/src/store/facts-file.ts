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

export interface Written {
  /** One copy has it: a crash finds that one, for the other is not touched before. */
  readonly durable: Promise<void>;
  /** Both have it. */
  readonly whole: Promise<void>;
}

export class FactsFile {
  readonly #path: string;
  readonly #disk: Disk;
  #version: number;
  #writing: Promise<void> = Promise.resolve();
  #waiting: { facts: StoredFacts; readonly written: Written } | undefined;

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
    await file.write(facts).whole;
    return file;
  }

  /** All facts, as they are now: what waits for an earlier write is written with them. */
  write(facts: StoredFacts): Written {
    if (this.#waiting !== undefined) {
      this.#waiting.facts = facts;
      return this.#waiting.written;
    }
    const encoded = this.#writing.then(() => this.#encode());
    const durable = encoded.then((copy) => this.#writeCopy(copy, 0));
    const whole = durable.then(async () => this.#writeCopy(await encoded, slotBytes));
    this.#writing = whole.catch(() => undefined);
    const written = { durable, whole };
    this.#waiting = { facts, written };
    return written;
  }

  /** Resolves when nothing is being written, whatever became of it. */
  settled(): Promise<void> {
    return this.#writing;
  }

  #encode(): Buffer {
    const { facts } = this.#waiting ?? unexpected();
    this.#waiting = undefined;
    return encodeCopy({ version: ++this.#version, facts });
  }

  async #writeCopy(copy: Buffer, at: number): Promise<void> {
    await using file = await this.#disk.open(this.#path);
    await file.write(copy, at);
    await file.sync();
  }
}

function unexpected(): never {
  throw new Error('a write of the facts has nothing to write');
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
