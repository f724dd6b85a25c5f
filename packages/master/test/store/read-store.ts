// A process that opens a store and reads everything in it. Says 'whole', with the state's hash when `hash` is asked for, or what is wrong.
import { seededRandom, systemClock } from '@everline/chassis';
import { openStore } from '../../src/store/open-store.js';

const [, , folder = '', asked] = process.argv;
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
  process.stdout.write(asked === 'hash' ? `whole ${store.positions().stateHash}\n` : 'whole\n');
} catch (error) {
  process.stdout.write(error instanceof Error ? `${error.name} ${error.message}\n` : 'something else\n');
}
