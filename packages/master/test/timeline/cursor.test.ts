import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cursorsOf, seqOfCursor } from '../../src/timeline/cursor.js';

const realm = { clusterId: 'here', history: 7 };
const last = 2 ** 48 - 1;

test('C2: a cursor names its place, whatever the place, and is bytes that every master reads', () => {
  fc.assert(
    fc.property(fc.nat({ max: last }), fc.nat({ max: last }), (seq, epoch) => {
      const cursor = cursorsOf(realm, epoch)(seq);
      const bytes = Buffer.from(cursor, 'base64url');
      expect(bytes.toString('base64url')).toBe(cursor);
      expect([bytes.readUIntBE(bytes.length - 6, 6), bytes.readUIntBE(bytes.length - 12, 6)]).toEqual([
        seq,
        epoch,
      ]);
      expect(seqOfCursor(cursor, realm, last)).toBe(seq);
    }),
    {
      examples: [
        [0, 0],
        [last, last],
        [2 ** 24, 1],
        [2 ** 24 - 1, 1],
      ],
    },
  );
});

test('C2: cursors of later entries of a reign sort as bytes after those of earlier ones', () => {
  const cursorOf = cursorsOf(realm, 3);
  const bytesOf = (seq: number) => Buffer.from(cursorOf(seq), 'base64url');
  for (const seq of [1, 63, 4_095, 2 ** 24 - 1, 2 ** 40]) {
    expect(bytesOf(seq).compare(bytesOf(seq + 1))).toBe(-1);
  }
});
