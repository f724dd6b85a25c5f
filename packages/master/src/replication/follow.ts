// While this master stands by: follows whoever is available, whatever happens to the connection, and is a witness (R8).
import { type Cancel, type Clock, createBackoff, type Log, type Random, Refusal } from '@everline/chassis';
import type { ReplicateHello } from '@everline/contracts';
import { type Acknowledge, isMissed, type Replica } from '@everline/protocol/replica';
import type { Channels } from './channels.js';
import type { JournalHand } from './journal-hand.js';
import type { ReplicaHost } from './replica-host.js';
import { type SourceEnding, SourceLink } from './source-link.js';

export interface FollowOptions {
  readonly host: ReplicaHost;
  readonly hand: Pick<JournalHand, 'arrive'>;
  readonly channels: Channels;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** A source that is silent for so long is dialled anew. */
  readonly silenceMs: number;
  readonly hello: () => ReplicateHello;
  /** Fetches a snapshot from there; the stream goes on after it. */
  readonly restore: (address: string, signal: AbortSignal) => Promise<void>;
  /** The word of a witness has changed. */
  readonly onWitness: () => void;
  /** What no later try can change. */
  readonly onHopeless: (refused: Refusal) => void;
}

interface Target {
  readonly masterId: string;
  readonly address: string;
  readonly epoch: number;
}

type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'streaming'; readonly target: Target; readonly link: SourceLink }
  | { readonly kind: 'waiting'; readonly target: Target; readonly cancel: Cancel }
  | { readonly kind: 'restoring'; target: Target | undefined; readonly stop: AbortController };

export class Follow implements Disposable {
  readonly #options: FollowOptions;
  readonly #backoff;
  readonly #cancelLook: Cancel;
  #phase: Phase = { kind: 'idle' };
  #unreachable: Target | undefined;
  #left = false;
  #epochSinceMs = 0;
  #epoch = 0;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#backoff = createBackoff(options.random);
    this.#cancelLook = options.clock.every(options.silenceMs / 2, () => this.#look());
  }

  /** R8: its stream from the available master broke, and a new connection there was refused. */
  get unreachable(): boolean {
    return this.#unreachable !== undefined;
  }

  /** How long ago it heard the available master of the epoch it knows; since it knows of it, when it never did. */
  heardMsAgo(nowMs: number): number {
    const { role } = this.#options.host.replica;
    const heardAtMs = role.kind === 'following' ? (role.source?.heardAtMs ?? 0) : nowMs;
    return Math.max(0, nowMs - Math.max(heardAtMs, this.#epochSinceMs));
  }

  /** After every change of role or configuration. */
  readonly aim = (replica: Replica): void => {
    const { clock } = this.#options;
    const target = this.#left ? undefined : targetOf(replica);
    if (replica.standing.promisedEpoch !== this.#epoch) {
      this.#epoch = replica.standing.promisedEpoch;
      this.#epochSinceMs = clock.nowMs();
    }
    const now = this.#phase.kind === 'idle' ? undefined : this.#phase.target;
    if (
      now?.masterId === target?.masterId &&
      now?.address === target?.address &&
      now?.epoch === target?.epoch
    )
      return;
    this.#leave();
    this.#unreachable = undefined;
    this.#backoff.reset();
    if (target !== undefined) this.#dial(target);
  };

  acknowledge(effect: Acknowledge): void {
    if (this.#phase.kind === 'streaming' && this.#phase.link.masterId === effect.to)
      this.#phase.link.acknowledge(effect);
  }

  /** M4: this process ends. Resolves when it is out of the set and the available master knows; each of both takes `maxMs` at most. */
  leave(maxMs: number): Promise<void> {
    this.#options.host.dispatch({ kind: 'leave' });
    return new Promise((resolve) => this.#whenLetGo(maxMs, () => this.#part(maxMs, resolve)));
  }

  #whenLetGo(maxMs: number, fn: () => void): void {
    const { host, clock } = this.#options;
    if (!isMissed(host.replica)) {
      fn();
      return;
    }
    const finish = (): void => {
      cancelTimer();
      cancelListen();
      fn();
    };
    const cancelTimer = clock.after(maxMs, finish);
    const cancelListen = host.onChange((replica) => {
      if (!isMissed(replica)) finish();
    });
  }

  #part(maxMs: number, parted: () => void): void {
    const phase = this.#phase;
    this.#left = true;
    if (phase.kind !== 'streaming') {
      this.#leave();
      parted();
      return;
    }
    this.#phase = { kind: 'idle' };
    const cancel = this.#options.clock.after(maxMs, parted);
    phase.link.leave(() => {
      cancel();
      parted();
    });
  }

  [Symbol.dispose](): void {
    this.#cancelLook();
    this.#leave();
  }

  #leave(): void {
    const phase = this.#phase;
    // What is being put in its place is put there all the same: whoever is next is dialled after that.
    if (phase.kind === 'restoring') {
      phase.target = undefined;
      phase.stop.abort();
      return;
    }
    this.#phase = { kind: 'idle' };
    if (phase.kind === 'streaming') phase.link.close();
    if (phase.kind === 'waiting') phase.cancel();
  }

  #dial(target: Target): void {
    const { channels, clock, hello } = this.#options;
    if (this.#phase.kind === 'restoring') {
      this.#phase.target = target;
      return;
    }
    const waitMs = this.#backoff.nextMs();
    const go = (): void => {
      const channel = channels.to(target.address);
      const { host, hand } = this.#options;
      const onHeard = (): void => this.#reached();
      const onEnded = (ending: SourceEnding): void => this.#ended(target, ending);
      const link = new SourceLink(target.masterId, channel, hello(), { host, hand, clock, onHeard, onEnded });
      this.#phase = { kind: 'streaming', target, link };
    };
    if (waitMs === 0) go();
    else this.#phase = { kind: 'waiting', target, cancel: clock.after(waitMs, go) };
  }

  #ended(target: Target, ending: SourceEnding): void {
    if (this.#phase.kind !== 'streaming' || this.#phase.target !== target) return;
    if (this.#options.clock.nowMs() - this.#phase.link.sinceMs > steadyMs) this.#backoff.reset();
    this.#phase = { kind: 'idle' };
    if (ending.kind === 'snapshot-needed') this.#restore(target);
    else if (ending.kind === 'failed') this.#failed(target, ending.error);
  }

  /** A refusal is a sign of life: it is not ready, or no longer. Anything else is doubt: a fresh connection tells. */
  #failed(target: Target, error: Error): void {
    const { host, log, clock, onHopeless } = this.#options;
    const doubt = !(error instanceof Refusal);
    if (error instanceof Refusal && error.reason === 'DATA_LOST') {
      onHopeless(error);
      return;
    }
    if (doubt) {
      log.debug(
        { source: target.masterId, why: error.message },
        'the stream from the available master ended',
      );
      host.dispatch({ kind: 'source-lost' });
      this.#phase = { kind: 'waiting', target, cancel: clock.after(doubtMs, () => this.#probe(target)) };
    } else this.#dial(target);
  }

  #probe(target: Target): void {
    this.#options.channels
      .renew(target.address)
      .ready(dialMs)
      .then(
        () => this.#reached(),
        () => this.#refused(target),
      );
    this.#dial(target);
  }

  #reached(): void {
    if (this.#unreachable === undefined) return;
    this.#unreachable = undefined;
    this.#options.onWitness();
  }

  #refused(target: Target): void {
    if (this.#phase.kind === 'idle' || this.#phase.target !== target || this.#unreachable !== undefined)
      return;
    this.#unreachable = target;
    this.#options.onWitness();
  }

  #restore(target: Target): void {
    const { restore, log } = this.#options;
    const stop = new AbortController();
    const phase: Phase = { kind: 'restoring', target, stop };
    this.#phase = phase;
    log.info({ source: target.masterId }, 'the journal there begins after what is here: fetching a snapshot');
    const again = (): void => {
      this.#phase = { kind: 'idle' };
      if (phase.target !== undefined) this.#dial(phase.target);
    };
    restore(target.address, stop.signal).then(
      () => {
        this.#backoff.reset();
        again();
      },
      (error: unknown) => {
        if (!stop.signal.aborted) log.warn({ why: String(error) }, 'the snapshot could not be fetched');
        again();
      },
    );
  }

  /** A source that is connected and says nothing: its network may be gone without a word. */
  #look(): void {
    const { clock, silenceMs, channels } = this.#options;
    if (this.#phase.kind !== 'streaming') return;
    const { target, link } = this.#phase;
    if (link.silentMs(clock.nowMs()) < 2 * silenceMs) return;
    this.#leave();
    channels.renew(target.address);
    this.#dial(target);
  }
}

function targetOf({ role, standing, settings }: Replica): Target | undefined {
  const { configuration } = standing;
  if (role.kind !== 'following' || configuration === undefined) return undefined;
  const { availableId, epoch, masters } = configuration;
  const address = masters.find(({ masterId }) => masterId === availableId)?.address ?? '';
  if (availableId === settings.masterId || address === '') return undefined;
  return { masterId: availableId, address, epoch };
}

const dialMs = 500;
/** Whoever died is dialled again then: this master may be the next, and is busy. Less than a broken stream is given to come back. */
const doubtMs = 20;
/** A stream that lasted for so long was a good one: the next is dialled at once. */
const steadyMs = 1000;
