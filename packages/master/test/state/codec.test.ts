// What is written and read by hand is what the generated codecs say.
import { Command, JournalEntry, Post } from '@everline/contracts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandIdOf, draftOf, encodeCommand, readCommand } from '../../src/state/command.js';
import type { Draft } from '../../src/state/draft.js';
import { readPost } from '../../src/state/post.js';
import { madeAtMs, parseUuid, uuidBytes, uuidText } from '../../src/state/uuid.js';
import { DamagedEntry, decodeEntry, encodeEntry } from '../../src/store/journal-entry.js';

const uuid = fc.uuid();
const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,31}$/);
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 });
const draft: fc.Arbitrary<Draft> = fc.oneof(
  fc.record({ kind: fc.constant('post' as const), id: uuid, author: name, text }),
  fc.record({ kind: fc.constant('login' as const), id: uuid, username: name }),
  fc.record({ kind: fc.constant('login' as const), id: uuid, username: name, sessionId: uuid }),
  fc.record({
    kind: fc.constantFrom('follow' as const, 'unfollow' as const),
    id: uuid,
    username: name,
    followee: name,
  }),
  fc.record({ kind: fc.constant('end-session' as const), id: uuid, username: name, sessionId: uuid }),
);
const seq = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const atMs = fc.integer({ min: 1, max: 2 ** 43 });

test('a command is what the generated codec writes, and comes back as it was', () => {
  fc.assert(
    fc.property(draft, seq, atMs, (drawn, seq, atMs) => {
      const bytes = encodeCommand(drawn, { seq, atMs });
      expect(Buffer.from(bytes)).toEqual(Buffer.from(Command.encode(Command.decode(bytes)).finish()));
      const read = readCommand(bytes);
      expect(draftOf(read)).toEqual(drawn.kind === 'post' ? { ...drawn, postId: drawn.id, seq } : drawn);
      expect([read.atMs, uuidText(read.id), commandIdOf(bytes)]).toEqual([atMs, drawn.id, drawn.id]);
    }),
  );
});

test('a post is what the generated codec writes, with its time and place', () => {
  fc.assert(
    fc.property(uuid, name, text, seq, atMs, (id, author, text, seq, atMs) => {
      const { command } = Command.decode(encodeCommand({ kind: 'post', id, author, text }, { seq, atMs }));
      const bytes = command?.$case === 'post' ? command.value : Buffer.alloc(0);
      const expected: Post = {
        postId: id,
        author,
        text,
        postedAt: { seconds: BigInt(Math.floor(atMs / 1000)), nanos: (atMs % 1000) * 1_000_000 },
        seq: BigInt(seq),
      };
      expect(Post.decode(bytes)).toEqual(expected);
      expect(bytes).toEqual(Buffer.from(Post.encode(expected).finish()));
      expect(readPost(bytes)).toEqual({ postId: id, author, text, seq });
    }),
  );
});

test('a journal entry is what the generated codec writes', () => {
  fc.assert(
    fc.property(seq, seq, fc.uint8Array({ maxLength: 200 }), (seq, epoch, command) => {
      const theirs = JournalEntry.decode(encodeEntry(seq, epoch, command).bytes);
      expect([Number(theirs.seq), Number(theirs.epoch), [...theirs.command]]).toEqual([
        seq,
        epoch,
        [...command],
      ]);
      const ours = decodeEntry(JournalEntry.encode(theirs).finish());
      expect([ours.seq, ours.epoch, [...ours.command]]).toEqual([seq, epoch, [...command]]);
    }),
  );
});

test('an entry with any bit flipped, or cut off anywhere, is damaged, and never something else', () => {
  const entry = encodeEntry(
    7,
    3,
    encodeCommand({ kind: 'login', id: uuidText(Buffer.alloc(16, 5)), username: 'ada' }, { seq: 7, atMs: 1 }),
  );
  const whole = Buffer.from(entry.bytes);
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(() => decodeEntry(flipped)).toThrow(DamagedEntry);
  }
  for (let length = 0; length < whole.length; length++) {
    expect(() => decodeEntry(whole.subarray(0, length))).toThrow(DamagedEntry);
  }
});

test('fields of a later version are passed over', () => {
  const later = Buffer.concat([
    Buffer.from(
      encodeCommand(
        { kind: 'login', id: uuidText(Buffer.alloc(16, 5)), username: 'ada' },
        { seq: 7, atMs: 9 },
      ),
    ),
    Buffer.from([
      0xf8, 0x06, 0x96, 0x01, 0xfa, 0x06, 2, 1, 2, 0xfd, 0x06, 1, 2, 3, 4, 0xf9, 0x06, 1, 2, 3, 4, 5, 6, 7, 8,
    ]),
  ]);
  expect(draftOf(readCommand(later))).toMatchObject({ kind: 'login', username: 'ada' });
});

test('a UUID has one spelling, and only version 7 tells its time', () => {
  fc.assert(
    fc.property(uuid, (id) => {
      expect(uuidText(uuidBytes(id))).toBe(id);
      expect(parseUuid(id.toUpperCase())).toBe(id);
    }),
  );
  expect(
    ['', 'x', `${'0'.repeat(35)}g`, '0190b5a47e1c7c3a9d7e5f0c1f3b2a11', ` ${'0'.repeat(35)}`].map(parseUuid),
  ).toEqual(Array.from({ length: 5 }, () => undefined));
  expect(madeAtMs('0190b5a4-7e1c-7c3a-9d7e-5f0c1f3b2a11')).toBe(0x0190b5a47e1c);
  expect(madeAtMs('0190b5a4-7e1c-4c3a-9d7e-5f0c1f3b2a11')).toBeUndefined();
});
