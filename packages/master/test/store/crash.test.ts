import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { closed, copyInto, opened, random, temporaryFolder } from './temporary.js';

const child = fileURLToPath(new URL('./crash-child.js', import.meta.url));

/** Kills it after so many lines, and says the last thing that it said for certain. */
async function killedAfter(folder: string, lines: number): Promise<{ readonly flushedSeq: number }> {
  const process_: ChildProcess = spawn(process.execPath, [child, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = 0;
  let flushedSeq = 0;
  if (process_.stdout === null) throw new Error('it says nothing');
  for await (const line of createInterface(process_.stdout)) {
    const [what, seq] = line.split(' ');
    flushedSeq = what === 'cut' ? Math.min(flushedSeq, Number(seq)) : Math.max(flushedSeq, Number(seq));
    if (++said === lines) process_.kill('SIGKILL');
  }
  return { flushedSeq };
}

test('M2, M12: killed again and again in the middle of appending, cutting and applying: what was flushed is there, and the state is one that was', async () => {
  const folder = temporaryFolder();
  for (let round = 0; round < 5; round++) {
    const { flushedSeq } = await killedAfter(folder, 20 + Math.floor(random.next() * 150));
    const store = await opened(folder);
    const { firstSeq, lastSeq, appliedSeq } = store.positions();
    // A cut that was under way may have come through without having said so: it takes at most three entries.
    expect(lastSeq).toBeGreaterThanOrEqual(flushedSeq - 3);
    expect(appliedSeq).toBeLessThanOrEqual(lastSeq);
    let seq = firstSeq;
    for (let read = store.read(seq, 50_000); read.length > 0; read = store.read(seq, 50_000)) {
      expect(read.map((entry) => entry.seq)).toEqual(read.map((_, i) => seq + i));
      seq += read.length;
    }
    expect(seq).toBe(lastSeq + 1);
    const copy = await opened(temporaryFolder());
    await copyInto(copy, store); // computes the hash of all records anew
    expect(copy.stateHash()).toBe(store.stateHash());
    const rest = store.read(appliedSeq + 1, 10_000_000);
    await copy.append(rest);
    copy.apply(rest);
    store.apply(rest);
    expect(copy.stateHash()).toBe(store.stateHash());
    await closed(copy);
    await closed(store);
  }
}, 120_000);
