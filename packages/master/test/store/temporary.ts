// Stores in temporary folders, gone after each test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, seededRandom, systemClock } from '@everline/chassis';
import { afterEach } from '@jest/globals';
import { encodeCommand } from '../../src/state/command.js';
import type { Draft } from '../../src/state/draft.js';
import { encodeEntry, type JournalEntry } from '../../src/store/journal-entry.js';
import { openStore, type StoreOptions } from '../../src/store/open-store.js';
import type { Store } from '../../src/store/store.js';
import { eventually } from '../cluster/eventually.js';

const folders: string[] = [];
const stores: Store[] = [];

afterEach(async () => {
  for (const store of stores.splice(0)) await store[Symbol.asyncDispose]();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'everline-store-'));
  folders.push(folder);
  return folder;
}

export const random = seededRandom(1);

/** Closed at the end of the test. */
export async function opened(folder: string, options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore(folder, { clock: systemClock, random, ...options });
  stores.push(store);
  return store;
}

/** Closed now. */
export async function closed(store: Store): Promise<void> {
  stores.splice(stores.indexOf(store), 1);
  await store[Symbol.asyncDispose]();
}

/** A clock whose wall can be moved. */
export function movableClock(startMs: number): { readonly clock: Clock; move(toMs: number): void } {
  let wallMs = startMs;
  return {
    clock: { ...systemClock, wallMs: () => wallMs },
    move: (toMs) => {
      wallMs = toMs;
    },
  };
}

/** Makes the entries that follow what the store has. */
export function entriesAfter(
  store: Store,
  drafts: readonly Draft[],
  epoch = 1,
  atMs = 1_700_000_000_000,
): JournalEntry[] {
  const { lastSeq } = store.positions();
  return drafts.map((draft, i) => entryOf(lastSeq + 1 + i, draft, epoch, atMs));
}

export function entryOf(seq: number, draft: Draft, epoch = 1, atMs = 1_700_000_000_000): JournalEntry {
  return encodeEntry(seq, epoch, encodeCommand(draft, { seq, atMs }));
}

/** Appends, flushes and applies. */
export async function carryOut(store: Store, drafts: readonly Draft[], epoch = 1, atMs?: number) {
  const entries = entriesAfter(store, drafts, epoch, atMs);
  await store.append(entries);
  return store.apply(entries);
}

export function id(): string {
  return random.uuid();
}

export function login(username: string): Draft {
  return { kind: 'login', id: id(), username };
}

export function post(author: string, text: string): Draft {
  return { kind: 'post', id: id(), author, text };
}

export function follow(username: string, followee: string): Draft {
  return { kind: 'follow', id: id(), username, followee };
}

/** By its hash over all records, computed anew on the way in. What was applied just now is waited for. */
export async function copyInto(store: Store, from: Store): Promise<void> {
  await eventually(() => asOf(from) === from.positions().appliedSeq, 'all is in the database');
  using snapshot = from.openSnapshot();
  await using writer = await store.beginRestore();
  for (const part of snapshot.followerInfo()) await writer.addFollowerInfo(part);
  for (const part of snapshot.records()) await writer.addRecords(part);
  await writer.finish(snapshot);
}

/** Up to where the database has the state. */
export function asOf(store: Store): number {
  using snapshot = store.openSnapshot();
  return snapshot.asOfSeq;
}
