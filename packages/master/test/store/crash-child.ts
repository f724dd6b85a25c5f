// Appends and applies without end, and says after each flush up to where; to be killed at any time.
import { writeSync } from 'node:fs';
import { systemClock, systemRandom } from '@everline/chassis';
import { encodeCommand } from '../../src/state/command.js';
import type { Draft } from '../../src/state/draft.js';
import { encodeEntry, type JournalEntry } from '../../src/store/journal-entry.js';
import { openStore } from '../../src/store/open-store.js';

const [, , folder = ''] = process.argv;
const store = await openStore(folder, {
  clock: systemClock,
  random: systemRandom,
  fileBytes: 200_000,
  keepBytes: 400_000,
});
let { lastSeq, appliedSeq } = store.positions();
const epoch = store.positions().lastEpoch + 1;
const stdout = 1;

function drafts(seq: number): Draft {
  const id = systemRandom.uuid();
  const author = `user${seq % 50}`;
  if (seq % 7 === 0) return { kind: 'follow', id, username: author, followee: `user${(seq * 3) % 50}` };
  if (seq % 11 === 0) return { kind: 'unfollow', id, username: author, followee: `user${(seq * 3) % 50}` };
  return seq < 200
    ? { kind: 'login', id, username: author }
    : { kind: 'post', id, author, text: 'x'.repeat(1 + (seq % 900)) };
}

function batch(): JournalEntry[] {
  return Array.from({ length: 1 + (lastSeq % 13) }, () => {
    const seq = ++lastSeq;
    const atMs = systemClock.wallMs();
    return encodeEntry(seq, epoch, encodeCommand(drafts(seq), { seq, atMs }));
  });
}

for (;;) {
  const flights = [batch(), batch()].map(async (entries) => {
    await store.append(entries);
    writeSync(stdout, `flushed ${entries.at(-1)?.seq}\n`);
  });
  if (lastSeq % 5 === 0) {
    lastSeq -= 3;
    flights.push(store.truncateFrom(lastSeq + 1).then(() => void writeSync(stdout, `cut ${lastSeq}\n`)));
  }
  await Promise.all(flights);
  const entries = store.read(appliedSeq + 1, 1_000_000).filter(({ seq }) => seq <= lastSeq - 4);
  appliedSeq = entries.at(-1)?.seq ?? appliedSeq;
  store.apply(entries);
}
