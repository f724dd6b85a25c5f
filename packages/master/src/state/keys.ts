// Keys and short values of the state: big-endian, so that their order is that of the numbers.

const numberBytes = 4;
const seqBytes = 6;

export const noPrefix = Buffer.alloc(0);

/** Of a user. */
export function numberKey(number: number): Buffer {
  const key = Buffer.allocUnsafe(numberBytes);
  key.writeUInt32BE(number);
  return key;
}

export function seqKey(seq: number): Buffer {
  return writeSeq(Buffer.allocUnsafe(seqBytes), seq);
}

/** Where the buffer begins. */
export function writeSeq(target: Buffer, seq: number): Buffer {
  target.writeUIntBE(seq, 0, seqBytes);
  return target;
}

/** Owner and place: of a post, of a follower. */
export function placeKey(number: number, seq: number): Buffer {
  const key = Buffer.allocUnsafe(numberBytes + seqBytes);
  key.writeUInt32BE(number);
  key.writeUIntBE(seq, numberBytes, seqBytes);
  return key;
}

export function pairKey(one: number, other: number): Buffer {
  return writePairKey(Buffer.allocUnsafe(pairBytes), one, other);
}

export const pairBytes = 2 * numberBytes;

/** Into a buffer of `pairBytes`. */
export function writePairKey(key: Buffer, one: number, other: number): Buffer {
  key.writeUInt32BE(one);
  key.writeUInt32BE(other, numberBytes);
  return key;
}

export function readNumber(bytes: Buffer, at = 0): number {
  return bytes.readUInt32BE(at);
}

export function readSeq(bytes: Buffer, at = 0): number {
  return bytes.readUIntBE(at, seqBytes);
}

/** The seq of a placeKey, the other number of a pairKey. */
export const afterNumber = numberBytes;
/** What follows a seq. */
export const afterSeq = seqBytes;
