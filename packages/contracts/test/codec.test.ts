import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type protobuf from 'protobufjs';
import * as contracts from '../src/index.js';
import { messagesOf } from './messages-of.js';
import { arbitraryOf } from './random-message.js';

const proto = join(fileURLToPath(new URL('.', import.meta.url)), '../../../../proto');

interface Codec {
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
}

/** Everything that is on the wire or on disk, by full name, and the generated codec for it. */
const subjects = messagesOf(proto).map((type): [string, protobuf.Type, Codec] => {
  const home: object = type.fullName.startsWith('.csce438.') ? contracts.csce438 : contracts;
  return [type.fullName, type, (home as Record<string, Codec>)[type.name] as Codec];
});

test('every message of proto/ has a codec', () => {
  expect(subjects.length).toBeGreaterThan(60);
  expect(subjects.filter(([, , codec]) => codec === undefined).map(([name]) => name)).toEqual([]);
});

describe('what one implementation writes the other reads, and the other way round', () => {
  test.each(subjects)('%s', (_name, type, codec) => {
    fc.assert(
      fc.property(arbitraryOf(type), (message) => {
        const theirs = type.encode(type.fromObject(message)).finish();
        const ours = codec.encode(codec.decode(theirs)).finish();
        expect(plain(type, ours)).toEqual(plain(type, theirs));
        expect(codec.decode(ours)).toEqual(codec.decode(theirs));
      }),
      { numRuns: 50 },
    );
  });
});

test('a post is the same after the wire, with a seq no number can hold', () => {
  const post: contracts.Post = {
    postId: '0190b5a4-7e1c-7c3a-9d7e-5f0c1f3b2a11',
    author: 'ada',
    text: 'Grüße, 世界\n\t🙂',
    postedAt: { seconds: 1_700_000_000n, nanos: 999_999_999 },
    seq: 2n ** 64n - 1n,
  };
  expect(contracts.Post.decode(contracts.Post.encode(post).finish())).toEqual(post);
});

function plain(type: protobuf.Type, bytes: Uint8Array): object {
  return type.toObject(type.decode(bytes), { longs: String, bytes: String, enums: String, defaults: true });
}
