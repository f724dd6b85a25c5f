/**
 * W2: before a child is started, the one that may still run is looked for: by its lock, then by what the last keeper wrote down and the kernel confirms.
 */
import type { Clock } from '@everline/chassis/clock';
import { type Identity, lives, watchControl } from '@everline/chassis/control';
import type { Settings } from '../settings.js';
import type { ChildRecord } from '../state-file.js';

export type Found =
  | { readonly kind: 'running'; readonly identity: Identity }
  | { readonly kind: 'none' }
  /** Somebody holds the lock, and it cannot be known who: nothing may be started, and nothing be done to them. */
  | { readonly kind: 'locked'; readonly by: string };

const againMs = 10;
/** One that hangs up all the time is ending; a large process needs 100 ms to. */
const patienceMs = 2_000;

export async function findChild(
  { childDataDir, hang }: Settings,
  record: ChildRecord | undefined,
  clock: Clock,
): Promise<Found> {
  const sinceMs = clock.nowMs();
  for (; childDataDir !== undefined; await clock.sleep(againMs)) {
    const watched = await watchControl({ dataDir: childDataDir, clock, deadlineMs: hang.pingMs });
    if (watched.kind === 'linked') {
      // Whoever follows the child makes a connection of its own.
      watched.link[Symbol.dispose]();
      return { kind: 'running', identity: watched.link.identity };
    }
    // Frozen: it is followed like any other, and the pings that it misses are counted (W4).
    if (watched.kind === 'silent' && watched.holder !== undefined)
      return { kind: 'running', identity: watched.holder };
    if (watched.kind === 'silent') return { kind: 'locked', by: 'a process that does not answer' };
    if (watched.kind === 'unproved')
      return { kind: 'locked', by: 'a process of somebody else, or of another release' };
    if (watched.kind === 'free' || clock.nowMs() - sinceMs > patienceMs) break;
  }
  // Not yet at its lock, or already past it, or a plain program.
  return record !== undefined && lives(record.identity)
    ? { kind: 'running', identity: record.identity }
    : { kind: 'none' };
}
