/**
 * W2: one process per data directory. Binding the address is the lock; no file can be left behind that says otherwise.
 */
import { linkSync, renameSync, rmSync, statSync } from 'node:fs';
import type { Server } from 'node:net';
import type { Clock } from '../clock.js';
import type { ControlAddress } from './address.js';
import { readCard } from './card.js';
import { type Identity, lives } from './identity.js';
import { meet } from './meet.js';

export type Claim =
  | { readonly held: true }
  /** `holder` is not known when it says nothing and left no card. */
  | { readonly held: false; readonly holder: Identity | undefined };

/** A holder that is being killed keeps the address until its memory is freed: 100 ms for a large one. */
const patienceMs = 2_000;
const betweenTriesMs = 10;
const helloDeadlineMs = 1_000;

export async function claim(
  server: Server,
  address: ControlAddress,
  dataDir: string,
  clock: Clock,
): Promise<Claim> {
  const sinceMs = clock.nowMs();
  for (;;) {
    if (await bind(server, address)) return { held: true };
    const holder = await look(address, dataDir, clock);
    if (holder !== 'none' || clock.nowMs() - sinceMs > patienceMs)
      return { held: false, holder: holder === 'none' ? undefined : holder };
    await clock.sleep(betweenTriesMs);
  }
}

/** Who holds the address; 'none' when it may be free by now. */
async function look(
  address: ControlAddress,
  dataDir: string,
  clock: Clock,
): Promise<Identity | 'none' | undefined> {
  const found = inode(address);
  const meeting = await meet(address, clock, helloDeadlineMs);
  switch (meeting.kind) {
    case 'met':
      meeting.socket.destroy();
      return meeting.hello.identity;
    case 'strange':
    case 'silent': {
      const named = readCard(dataDir)?.identity;
      return named !== undefined && lives(named) ? named : undefined;
    }
    case 'free':
      if (found !== undefined) removeStale(address.path, found);
      return 'none';
    case 'closed':
      return 'none';
  }
}

function bind(server: Server, address: ControlAddress): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve(true);
    };
    server.once('error', onError).once('listening', onListening).listen(address.path);
  });
}

/**
 * Takes the file of a dead socket out of the way. Another starter may have done the same and bound anew meanwhile: so the file is moved aside first, in one step,
 * and put back if it is not the one that was found dead. (Linux needs none of this: an abstract name dies with its process.)
 */
function removeStale(path: string, dead: bigint): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (inodeOf(aside) !== dead) linkSync(aside, path);
  } catch {
    // Somebody else was quicker; the next try meets them.
  }
  rmSync(aside, { force: true });
}

function inode(address: ControlAddress): bigint | undefined {
  return address.kind === 'path' ? inodeOf(address.path) : undefined;
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
