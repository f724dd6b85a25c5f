/** A `TimelineResponse` as bytes: readers by the thousand count what comes and decode nothing, so that they are not what is measured. */

const tags = { entries: 0x0a, posted: 0x12, caughtUp: 0x1a } as const;

export function isPosted(frame: Buffer): boolean {
  return frame[0] === tags.posted;
}

export function isCaughtUp(frame: Buffer): boolean {
  return frame[0] === tags.caughtUp;
}

/** How many entries are in it. */
export function entriesIn(frame: Buffer): number {
  if (frame[0] !== tags.entries) return 0;
  let [, at] = varint(frame, 1);
  let count = 0;
  while (at < frame.length) {
    const [length, from] = varint(frame, at + 1);
    at = from + length;
    count++;
  }
  return count;
}

function varint(frame: Buffer, from: number): readonly [value: number, next: number] {
  let value = 0;
  let scale = 1;
  let at = from;
  for (let byte = 0x80; byte >= 0x80; scale *= 0x80) {
    byte = frame[at++] ?? 0;
    value += (byte & 0x7f) * scale;
  }
  return [value, at];
}
