// Two copies, each in its half of the file: one line that says what follows, then the bytes. What is left of a half has no meaning.
//   everline-router-state 1 <revision> <length> <crc-32 of the revision, the length and the bytes>
// The first number is the form's own version.
import { crc32 } from 'node:zlib';
import { DamagedState } from './errors.js';
import type { Stored } from './port.js';

const mark = 'everline-router-state';
const form = 1;
/** Room for one copy, at least: whole blocks, and more than a cluster of some dozen masters needs. */
const smallestHalf = 64 * 1024;

export function encodeCopy({ revision, bytes }: Stored): Uint8Array {
  const head = `${mark} ${form} ${revision} ${bytes.length} ${checksum(revision, bytes).toString(16)}\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** The whole file, with room to write larger copies in their places later. */
export function encodeStateFile(copy: Uint8Array): Uint8Array {
  let half = smallestHalf;
  while (half < copy.length) half *= 2;
  const content = Buffer.alloc(2 * half, '\n');
  content.set(copy, 0);
  content.set(copy, half);
  return content;
}

/** The newest copy that is whole. @throws DamagedState naming the file and the remedy */
export function decodeStateFile(path: string, content: Uint8Array): Stored {
  const first = decodeCopy(path, content);
  const second = decodeCopy(path, content.subarray(content.length >> 1));
  const whole = [first, second].filter((copy) => typeof copy !== 'string');
  const newest = whole.toSorted((one, other) => one.revision - other.revision).at(-1);
  if (newest === undefined) throw damaged(path, String(first));
  return newest;
}

/** What is wrong with it when it is not whole. */
function decodeCopy(path: string, content: Uint8Array): Stored | string {
  const end = content.indexOf(0x0a);
  const [name, version, ...numbers] = Buffer.from(content.subarray(0, Math.max(end, 0)))
    .toString()
    .split(' ');
  if (name !== mark || end < 0) return 'it does not begin as a state file does';
  if (version !== String(form)) {
    throw new DamagedState(
      `${path} was written in form ${version}; this program reads form ${form}: update it`,
    );
  }
  const [revision, length] = numbers.map(Number);
  if (!Number.isSafeInteger(revision) || revision === undefined) return 'its revision is no number';
  if (!Number.isSafeInteger(length) || length === undefined) return 'its length is no number';
  const bytes = content.subarray(end + 1, end + 1 + length);
  if (bytes.length !== length) return `${length} bytes are announced and ${bytes.length} are there`;
  if (checksum(revision, bytes).toString(16) !== numbers[2]) return 'its checksum does not match';
  return { revision, bytes };
}

function checksum(revision: number, bytes: Uint8Array): number {
  return crc32(bytes, crc32(Buffer.from(`${revision} ${bytes.length}`)));
}

export function damaged(path: string, how: string): DamagedState {
  return new DamagedState(
    `${path} is damaged: ${how}; move it away and start the router once with --recover, the masters keep copies`,
  );
}
