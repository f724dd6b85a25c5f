import {
  type FollowerInfo,
  GetFollowerInfoResponse,
  GetPostsResponse,
  type StoredRecord,
} from '@everline/contracts';
import { expect, test } from '@jest/globals';
import { recordsFrame, recordsIn, usersFrame, usersIn } from '../../src/replication/snapshot-frame.js';

const lengths = [0, 1, 2, 127, 128, 300, 20_000];

test('records are written as the generated codec writes them', () => {
  const records: readonly StoredRecord[] = lengths.flatMap((length) =>
    [1, 9, 21].map((keyLength) => ({
      key: Buffer.alloc(keyLength, keyLength),
      value: Buffer.alloc(length, 7),
    })),
  );
  const generated = Buffer.from(GetPostsResponse.encode({ records: [...records], stateHash: '' }).finish());
  expect(recordsFrame(records)).toEqual(generated);
  expect(recordsFrame([])).toEqual(Buffer.alloc(0));
  expect([...recordsIn(generated, () => undefined)]).toEqual(records);
});

test('users and whom they follow are written as the generated codec writes them', () => {
  const numbers = [0, 1, 127, 128, 16_384, 2 ** 31, 2 ** 32 - 1];
  const seqs = [0n, 1n, 128n, 2n ** 35n, 2n ** 48n - 1n];
  const following = numbers.flatMap((userNumber) =>
    seqs.map((sinceSeq) => ({ username: '', sinceSeq, userNumber })),
  );
  const users = new Map<string, FollowerInfo>([
    ['ada', { userNumber: 1, sinceSeq: 1n, following }],
    [
      'a name that is longer than others are, as far as it may be',
      { userNumber: 70_000, sinceSeq: 0n, following: [] },
    ],
    ['bob', { userNumber: 2, sinceSeq: 2n ** 40n, following: following.slice(0, 3) }],
  ]);
  const place = { asOfSeq: 2n ** 40n, asOfEpoch: 3n, snapshotId: 'snapshot', history: 1 };
  const whole = { ...place, followersByUser: Object.fromEntries(users) };
  expect(GetFollowerInfoResponse.decode(usersFrame(place, users))).toEqual(whole);
  const read = [...users].map(([name, { userNumber, sinceSeq, following: whom }]) => [
    name,
    {
      userNumber,
      sinceSeq: Number(sinceSeq),
      following: whom.map((edge) => ({ userNumber: edge.userNumber, sinceSeq: Number(edge.sinceSeq) })),
    },
  ]);
  expect([...usersIn(usersFrame(place, users))]).toEqual(read);
  expect(usersFrame(place, users).length).toBe(GetFollowerInfoResponse.encode(whole).finish().length);
});

test('messages one after another are one message, and the hash is found behind records', () => {
  const record = { key: Buffer.of(1, 2), value: Buffer.of(3) };
  const last = GetPostsResponse.encode({ records: [], stateHash: 'the hash' }).finish();
  const frame = Buffer.concat([recordsFrame([record]), recordsFrame([record]), last]);
  const hashes: string[] = [];
  expect([...recordsIn(frame, (hash) => hashes.push(hash))]).toEqual([record, record]);
  expect(hashes).toEqual(['the hash']);
});
