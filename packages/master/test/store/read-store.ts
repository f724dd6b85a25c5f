// A process that opens stores, one after the other, and reads everything in each. Says of each in a line 'whole', with the state's hash when `hash` is
// asked for, or what is wrong.
import { seededRandom, systemClock } from '@everline/chassis';
import { openStore } from '../../src/store/open-store.js';

async function read(folder: string, hash: boolean): Promise<string> {
  try {
    await using store = await openStore(folder, { clock: systemClock, random: seededRandom(1) });
    const { firstSeq, lastSeq } = store.positions();
    for (let seq = firstSeq; seq <= lastSeq; ) seq += store.read(seq, 100_000).length;
    for (const { username } of store.view.users(0, 10_000)) {
      store.view.following(username);
      store.view.followers(username, 0, 10_000);
      store.view.postsAfter(username, 0, 10_000);
    }
    using snapshot = store.openSnapshot();
    for (const part of snapshot.followerInfo()) if (part.size < 0) throw new Error('never');
    for (const part of snapshot.records()) if (part.length < 0) throw new Error('never');
    return hash ? `whole ${store.stateHash()}` : 'whole';
  } catch (error) {
    return error instanceof Error ? `${error.name} ${error.message.replaceAll('\n', ' ')}` : 'something else';
  }
}

const [, , ...asked] = process.argv;
for (const folder of asked.filter((word) => word !== 'hash'))
  process.stdout.write(`${await read(folder, asked.includes('hash'))}\n`);
