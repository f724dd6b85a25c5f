// Protocol buffers by hand, where a message is made or read for every post: one allocation, and nothing is decoded that nobody looks at.
// What they write and read is proved against the generated codecs.

/** How many bytes a whole number takes. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

/** @returns where it ends */
export function writeVarint(target: Uint8Array, at: number, value: number): number {
  let rest = value;
  let here = at;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) target[here++] = (rest % 0x80) | 0x80;
  target[here++] = rest;
  return here;
}

/** A field with this tag and length begins. @returns where its bytes go */
export function writeHead(target: Uint8Array, at: number, tag: number, length: number): number {
  target[at] = tag;
  return writeVarint(target, at + 1, length);
}

export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Where it has read up to. */
  get at(): number {
    return this.#at;
  }

  /** A tag, or any number below 2^53. @throws RangeError */
  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined || factor > 2 ** 63) throw new RangeError('the message ends in a number');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  /** Not copied. @throws RangeError */
  bytes(): Buffer {
    const from = this.#field();
    return this.#bytes.subarray(from, this.#at);
  }

  /** @throws RangeError */
  text(): string {
    const from = this.#field();
    return this.#bytes.toString('utf8', from, this.#at);
  }

  /** A message begins here, whose fields are read next. @returns where it ends @throws RangeError */
  enter(): number {
    const from = this.#field();
    const end = this.#at;
    this.#at = from;
    return end;
  }

  fixed32(): number {
    const value = this.#bytes.readUInt32LE(this.#at);
    this.#at += 4;
    return value;
  }

  /** @throws RangeError */
  skip(tag: number): void {
    const kind = tag & 7;
    if (kind === 0) this.varint();
    else if (kind === 1) this.#at += 8;
    else if (kind === 2) this.#field();
    else if (kind === 5) this.#at += 4;
    else throw new RangeError(`a field cannot be of wire type ${kind}`);
  }

  /** Passes over a field with a length. @returns where its bytes begin */
  #field(): number {
    const length = this.varint();
    const from = this.#at;
    if (from + length > this.#bytes.length) throw new RangeError('the message ends in a field');
    this.#at = from + length;
    return from;
  }
}
