import { type Clock, seededRandom, systemClock } from '@everline/chassis';
import { expect, test } from '@jest/globals';
import { Timelines } from '../../src/timeline/live.js';
import { eventually } from '../cluster/eventually.js';
import { carryOut, follow, login, opened, post, temporaryFolder } from '../store/temporary.js';
import { ProvingClient } from './proving-client.js';

/** What was applied goes to the database every few milliseconds. */
const hasty: Clock = { ...systemClock, after: (ms, fn) => systemClock.after(ms / 50, fn) };

test('C2: readers that come and go at any moment miss nothing while what they read moves from memory to the database', async () => {
  const random = seededRandom(7);
  const store = await opened(temporaryFolder(), { clock: hasty });
  await carryOut(store, [login('u0'), login('u1'), login('u2'), follow('u0', 'u1'), follow('u0', 'u2')]);
  const timelines = new Timelines({ view: store.view, clock: systemClock, beatMs: 20 });
  timelines.begin((seq) => `${seq}`, store.positions().appliedSeq);
  const seqs: number[] = [];
  const due = (after: number) => (seq: number) => seqs.filter((at) => at > after && at <= seq);
  const clients = Array.from({ length: 4 }, () => {
    return new ProvingClient({ timelines, username: 'u0', afterSeq: 5, due: due(5) });
  });
  for (const client of clients) client.open();
  for (let round = 0; round < 500; round++) {
    const drafts = Array.from({ length: 1 + Math.floor(random.next() * 4) }, () => {
      return post(random.next() < 0.5 ? 'u1' : 'u2', `${round}`);
    });
    const applied = await carryOut(store, drafts);
    seqs.push(...applied.map(({ seq }) => seq));
    timelines.publish(applied);
    for (const client of clients) {
      if (random.next() < 0.2) client.open();
      else if (random.next() < 0.1) client.stall();
      else if (random.next() < 0.3) client.takeAgain();
    }
    // One that reads a piece of the past anew, across the boundary.
    const after = Math.max(5, (seqs.at(-1) ?? 5) - Math.floor(random.next() * 60));
    const passing = new ProvingClient({ timelines, username: 'u0', afterSeq: after, due: due(after) });
    passing.open();
    await eventually(() => passing.caughtUps === 1, 'it has caught up');
    expect({ round, lies: passing.lies, gaps: passing.gaps }).toEqual({ round, lies: [], gaps: [] });
    passing.leave();
  }
  for (const client of clients) client.takeAgain();
  await eventually(() => clients.every((client) => client.seqs.length === seqs.length), 'all is shown');
  for (const client of clients) {
    expect({ lies: client.lies, gaps: client.gaps }).toEqual({ lies: [], gaps: [] });
    expect(client.seqs).toEqual(seqs);
    client.leave();
  }
}, 60_000);
