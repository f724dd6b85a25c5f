// M12: what a start finds. The journal is a prefix of what was appended: a last write that did not come through is cut off.
import { join } from 'node:path';
import type { Disk } from '../disk.js';
import { DamagedStore, damagedBy } from '../errors.js';
import type { EpochRuns } from './epoch-runs.js';
import { findFrame, frameHeaderBytes, readFrameHeader, readPayload } from './frame.js';
import { checkHead, firstSeqOf, Segment, segmentHeadBytes } from './segment.js';

export interface Recovered {
  readonly segments: Segment[];
  readonly lastSeq: number;
}

/**
 * @param appliedSeq everything up to and with this entry was flushed once: what is missing of it is damage
 * @param runs gets the epochs of the entries after appliedSeq
 */
export async function recover(
  folder: string,
  disk: Disk,
  appliedSeq: number,
  runs: EpochRuns,
): Promise<Recovered> {
  const segments = await segmentsIn(folder, disk);
  let lastSeq = appliedSeq;
  const from = segments.findLastIndex(({ firstSeq }) => firstSeq <= appliedSeq + 1);
  if (from === -1) throw new DamagedStore(folder, `it does not reach back to entry ${appliedSeq + 1}`);
  for (let i = Math.max(from, 0); i < segments.length; i++) {
    const segment = segments[i] as Segment;
    const following = segments[i + 1];
    lastSeq = await scan(segment, following?.firstSeq, { disk, appliedSeq, runs });
    if (following !== undefined && lastSeq + 1 !== following.firstSeq) {
      throw new DamagedStore(
        segment.path,
        `it ends with entry ${lastSeq}, and the next file begins with ${following.firstSeq}`,
      );
    }
  }
  if (lastSeq < appliedSeq) {
    throw new DamagedStore(
      folder,
      `it ends with entry ${lastSeq}, and the state has applied entry ${appliedSeq}`,
    );
  }
  return { segments, lastSeq };
}

async function segmentsIn(folder: string, disk: Disk): Promise<Segment[]> {
  const segments: Segment[] = [];
  const files = await disk.list(folder).catch((error: unknown) => {
    throw damagedBy(folder, 'it cannot be read', error);
  });
  for (const file of files) {
    const path = join(folder, file);
    const firstSeq = firstSeqOf(file);
    if (firstSeq !== undefined) segments.push(new Segment(path, firstSeq));
    else if (file.endsWith('.part')) await disk.remove(path); // a cut that was not finished
  }
  return segments;
}

interface Scan {
  readonly disk: Disk;
  readonly appliedSeq: number;
  readonly runs: EpochRuns;
}

/** Every frame and every entry of a file. @returns the seq of its last entry */
async function scan(
  segment: Segment,
  nextFirstSeq: number | undefined,
  { disk, appliedSeq, runs }: Scan,
): Promise<number> {
  const { path, firstSeq } = segment;
  const size = disk.sizeSync(path);
  const bytes = disk.readSync(path, 0, size);
  const last = nextFirstSeq === undefined;
  let seq = firstSeq - 1;
  if (last && size < segmentHeadBytes && seq >= appliedSeq) return await cut(segment, 0, disk, seq); // made, and not written to
  checkHead(path, bytes);
  let at = segmentHeadBytes;
  while (at < size) {
    const header = readFrameHeader(bytes, at);
    const payloadAt = at + frameHeaderBytes;
    const entries = header && readPayload(header, bytes.subarray(payloadAt, payloadAt + header.payloadBytes));
    if (header === undefined || entries === undefined || header.firstSeq !== seq + 1) {
      const torn = last && seq >= appliedSeq && findFrame(bytes, at + 1) === undefined;
      if (!torn) throw new DamagedStore(path, `entry ${seq + 1} is not what was written`);
      return await cut(segment, at, disk, seq);
    }
    if (header.firstSeq === nextFirstSeq) return await cut(segment, at, disk, seq); // a cut that was not finished
    const end = payloadAt + header.payloadBytes;
    segment.noteFrame({ seq: header.firstSeq, at }, end);
    for (const entry of entries) if (entry.seq > appliedSeq) runs.add(entry.seq, entry.epoch);
    seq += entries.length;
    at = end;
  }
  return seq;
}

async function cut(segment: Segment, end: number, disk: Disk, lastSeq: number): Promise<number> {
  await using file = await disk.open(segment.path);
  await file.truncate(end);
  await file.sync();
  segment.noteCut(Math.max(end, segmentHeadBytes));
  return lastSeq;
}
