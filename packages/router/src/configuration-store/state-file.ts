// One line that says what follows, then the bytes:
//   everline-router-state 1 <revision> <crc-32 of the rest> <length of the rest>
// The first number is the form's own version.
import { crc32 } from 'node:zlib';
import { DamagedState } from './errors.js';
import type { Stored } from './port.js';

const mark = 'everline-router-state';
const form = 1;

export function encodeStateFile({ revision, bytes }: Stored): Uint8Array {
  const head = `${mark} ${form} ${revision} ${crc32(bytes).toString(16)} ${bytes.length}\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** @throws DamagedState naming the file and the remedy */
export function decodeStateFile(path: string, content: Uint8Array): Stored {
  const end = content.indexOf(0x0a);
  const words = Buffer.from(content.subarray(0, Math.max(end, 0)))
    .toString()
    .split(' ');
  const [name, version, revision, checksum, length] = words;
  if (name !== mark || end < 0) throw damaged(path, 'it does not begin as a state file does');
  if (version !== String(form)) {
    throw new DamagedState(
      `${path} was written in form ${version}; this program reads form ${form}: update it`,
    );
  }
  const bytes = content.subarray(end + 1);
  if (bytes.length !== Number(length))
    throw damaged(path, `${length} bytes are announced and ${bytes.length} are there`);
  if (crc32(bytes).toString(16) !== checksum) throw damaged(path, 'its checksum does not match');
  if (!Number.isSafeInteger(Number(revision))) throw damaged(path, 'its revision is no number');
  return { revision: Number(revision), bytes };
}

export function damaged(path: string, how: string): DamagedState {
  return new DamagedState(
    `${path} is damaged: ${how}; move it away and start the router once with --recover, the masters keep copies`,
  );
}
