// Puts many people into the folder of a master that does not run: `node main.js FOLDER '{"users":…,"followees":…,"posts":…,"authors":…}'`.
// It must be the only one of its cluster, and nobody may have logged in there yet.
import { systemClock, systemRandom } from '@everline/chassis';
import { StoredPosition, type StoredRecord, StoredUser } from '@everline/contracts';
import { pairKey, seqKey } from '../../src/state/keys.js';
import { hashOf } from '../../src/state/position.js';
import { openStore } from '../../src/store/open-store.js';
import { add, hashRecord, zero } from '../../src/store/records/record-hash.js';
import { tableByte } from '../../src/store/records/table.js';
import { positionKey } from '../../src/store/snapshot/reader.js';
import { followerInfo, lastMsOf, lastSeqOf, records, type World } from './world.js';

const [, , folder = '', size = ''] = process.argv;
const dayMs = 86_400_000;
const { users, followees, posts, authors } = JSON.parse(size) as World;

await using store = await openStore(folder, { clock: systemClock, random: systemRandom });
const { appliedSeq, appliedEpoch } = store.positions();
if (store.view.hasUser('user-0000001')) throw new Error(`${folder} has users already`);
const fromMs = systemClock.wallMs() - 2 * dayMs - posts;
const world: World = { users, followees, posts, authors, afterSeq: appliedSeq, fromMs };

/** Where reigns began: what there is beside people and posts. */
function reignsOf(): StoredRecord[] {
  using snapshot = store.openSnapshot();
  const byte = tableByte('reigns');
  return [...snapshot.records()].flat().filter(({ key }) => key[0] === byte);
}

let sum = zero;
await using writer = await store.beginRestore();
for (const part of followerInfo(world)) {
  for (const [username, { userNumber: number, sinceSeq, following }] of part) {
    const known = StoredUser.encode({ number, sinceSeq }).finish();
    sum = add(sum, hashRecord(tableByte('users'), Buffer.from(username), known));
    for (const edge of following) {
      const key = pairKey(number, edge.userNumber);
      sum = add(sum, hashRecord(tableByte('following'), key, seqKey(Number(edge.sinceSeq))));
    }
  }
  await writer.addFollowerInfo(part);
}
async function take(part: readonly StoredRecord[]): Promise<void> {
  for (const { key, value } of part) sum = add(sum, hashRecord(key[0] ?? 0, key.subarray(1), value));
  await writer.addRecords(part);
}
for (const part of records(world)) await take(part);
await take(reignsOf());

const asOfSeq = lastSeqOf(world);
const position: StoredPosition = {
  appliedSeq: BigInt(asOfSeq),
  appliedEpoch: BigInt(appliedEpoch),
  atMs: BigInt(lastMsOf(world)),
  forgottenMs: BigInt(fromMs),
  hashHigh: sum.high,
  hashLow: sum.low,
};
await writer.addRecords([{ key: positionKey, value: Buffer.from(StoredPosition.encode(position).finish()) }]);
await writer.finish({ asOfSeq, asOfEpoch: appliedEpoch, stateHash: hashOf(position) });
