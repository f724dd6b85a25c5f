import { setMaxListeners } from 'node:events';
import { status } from '@grpc/grpc-js';
import type { Calls } from '../wire/messages.js';
import { Peer } from '../wire/peer.js';
import { WireError } from '../wire/wire-error.js';
import type { Compass, Place } from './compass.js';
import { Patience } from './patience.js';

/** What may pass: everything else is an answer. */
const passing = new Set<number>([
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.CANCELLED,
  status.RESOURCE_EXHAUSTED,
  status.ABORTED,
  status.UNKNOWN,
]);
const final = new Set(['DISK_FULL', 'STALE_VERSION', 'STALE_EPOCH']);
const tryMs = 5_000;
const shortestPauseMs = 10;
const longestPauseMs = 200;

export type Answer<T> =
  | { readonly kind: 'done'; readonly value: T; readonly address: string }
  | { readonly kind: 'refused'; readonly error: WireError | undefined }
  | { readonly kind: 'unknown'; readonly error: WireError | undefined };

export interface Detour {
  readonly atMs: number;
  readonly error: WireError;
}

/**
 * One client's channels, and its patience: a call is repeated, with the same id in it, until it is answered or its
 * time is over (C1, C4, C5).
 */
export class Desk {
  /** Every try that was not the last one. */
  readonly detours: Detour[] = [];
  private readonly compass: Compass;
  private readonly closing = new AbortController();
  private readonly peers = new Map<string, Peer>();

  constructor(compass: Compass) {
    this.compass = compass;
    // Every call under way listens.
    setMaxListeners(0, this.closing.signal);
  }

  /** Connects before it has to. */
  async warm(addresses: readonly string[]): Promise<void> {
    await Promise.all(
      addresses.map((address) =>
        this.peer(address)
          .ready(2_000)
          .catch(() => {}),
      ),
    );
  }

  async ask<Name extends keyof Calls>(
    name: Name,
    request: Calls[Name][0],
    timeoutMs = 10_000,
  ): Promise<Answer<Calls[Name][1]> & { readonly tries: number }> {
    const untilMs = performance.now() + timeoutMs;
    using patience = new Patience(timeoutMs, this.closing.signal);
    const late = patience.signal;
    let error: WireError | undefined;
    for (let tries = 1; ; tries += 1) {
      const place = this.compass.current;
      if (place === undefined) await this.compass.moved(undefined, late);
      else {
        const outcome = await this.once(name, request, place, untilMs);
        if (outcome.kind === 'done') return { ...outcome, tries };
        error = outcome.error;
        if (!isPassing(error)) return { ...outcome, tries };
        this.detours.push({ atMs: performance.now(), error });
        await this.pause(place, tries, late);
      }
      if (late.aborted) return { kind: 'unknown', error, tries };
    }
  }

  close(): void {
    this.closing.abort();
    for (const peer of this.peers.values()) peer.close();
  }

  private peer(address: string): Peer {
    const known = this.peers.get(address);
    if (known !== undefined) return known;
    const peer = new Peer(address);
    this.peers.set(address, peer);
    return peer;
  }

  private async once<Name extends keyof Calls>(
    name: Name,
    request: Calls[Name][0],
    place: Place,
    untilMs: number,
  ): Promise<
    { kind: 'done'; value: Calls[Name][1]; address: string } | { kind: 'refused'; error: WireError }
  > {
    const giveUp = new AbortController();
    const moved = new AbortController();
    void this.compass.left(place, moved.signal).then(() => giveUp.abort());
    try {
      const deadlineMs = Math.min(tryMs, Math.max(1, untilMs - performance.now()));
      const value = await this.peer(place.address).call(name, request, { deadlineMs, signal: giveUp.signal });
      return { kind: 'done', value, address: place.address };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.learn(error, place);
      return { kind: 'refused', error };
    } finally {
      moved.abort();
    }
  }

  private learn(error: WireError, place: Place): void {
    const { address, epoch } = error.metadata;
    if (address !== undefined && epoch !== undefined) this.compass.hint({ address, epoch: Number(epoch) });
    if (error.reason !== undefined) return;
    // A broken channel would wait out its backoff.
    this.peers.get(place.address)?.close();
    this.peers.delete(place.address);
  }

  /** First at once when the place has changed, then longer and longer. */
  private async pause(place: Place, tries: number, late: AbortSignal): Promise<void> {
    if (this.compass.current?.epoch !== place.epoch) return;
    const ceilingMs = Math.min(longestPauseMs, shortestPauseMs * 2 ** (tries - 1));
    using pause = new Patience(Math.round(ceilingMs * (0.5 + Math.random() / 2)), late);
    await this.compass.moved(place, pause.signal);
  }
}

function isPassing(error: WireError): boolean {
  return passing.has(error.code) && !final.has(error.reason ?? '');
}
