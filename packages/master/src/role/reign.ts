// What the available master does for clients, for as long as it is that (M1, M6, M8, M9).
import type { Refusal } from '@everline/chassis';
import { mayRead, mayReadChecked, mayWrite } from '@everline/protocol/replica';
import { Moved, notAvailableHere, refusal } from '../errors.js';
import type { Batcher } from '../replication/batcher.js';
import type { JournalStore } from '../replication/journal-store.js';
import type { Proposals } from '../replication/proposals.js';
import type { ReplicaHost } from '../replication/replica-host.js';
import type { Answer, Caller, Reign as ServedReign, Waiter } from '../sns/role.js';
import type { Draft } from '../state/draft.js';

export interface ReignOptions {
  readonly epoch: number;
  readonly host: Pick<ReplicaHost, 'replica'>;
  readonly proposals: Proposals;
  readonly batcher: Pick<Batcher, 'add'>;
  readonly nowMs: () => number;
  readonly store: Pick<JournalStore, 'answerTo' | 'diskFull' | 'positions'>;
  /** M9: the cluster's epoch, from the router, asked for after this call. */
  readonly check: () => Promise<number>;
}

/** Proposed and not answered. More are refused before they are appended. */
const maxProposals = 8192;

export class Reign implements ServedReign {
  readonly epoch: number;
  readonly #options: ReignOptions;
  readonly #ended = new AbortController();

  constructor(options: ReignOptions) {
    this.#options = options;
    this.epoch = options.epoch;
  }

  /** Aborts with `Moved`. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  committedSeq(): number {
    return this.#options.store.positions().appliedSeq;
  }

  /** Resolves when it is committed and applied (M1). */
  propose(draft: Draft, caller: Caller): Promise<Answer> {
    return new Promise((answered, failed) => this.proposeFor(draft, { caller, answered, failed }));
  }

  /** Attaches to the command of the same id that is under way (M15). */
  proposeFor(draft: Draft, waiter: Waiter): void {
    const { proposals, batcher, store, host, nowMs } = this.#options;
    this.#mustReign();
    const underWay = proposals.underWay(draft.id);
    if (underWay !== undefined) {
      proposals.attach(underWay, draft, waiter);
      return;
    }
    const outcome = store.answerTo(draft); // M15
    if (outcome !== undefined) {
      waiter.answered({ outcome, copies: this.copies() });
      return;
    }
    if (proposals.size >= maxProposals) throw refusal('QUEUE_FULL');
    if (store.diskFull()) throw refusal('DISK_FULL'); // M14
    if (host.replica.role.kind === 'available' && !mayWrite(host.replica, nowMs())) {
      throw refusal('BELOW_MIN_IN_SYNC'); // R5
    }
    batcher.add(proposals.open(draft, waiter));
  }

  /** M9: `look` sees a state that holds everything acknowledged before this call, by whomever. */
  async read<T>(look: () => T): Promise<T> {
    const { host, nowMs, check } = this.#options;
    this.#mustReign();
    if (mayRead(host.replica, nowMs()) === 'lease') return look();
    const epoch = await check().catch((cause: unknown) => {
      throw this.#notNow(cause);
    });
    this.#mustReign(); // M8
    if (!mayReadChecked(host.replica, epoch)) throw this.#elsewhere(); // M8, M9
    return look();
  }

  /** On how many disks everything committed now is. */
  copies(): number {
    return this.#options.host.replica.standing.configuration?.inSyncIds.length ?? 1;
  }

  /** M6. */
  end(moved: Moved): void {
    this.#ended.abort(moved);
  }

  #mustReign(): void {
    if (this.#ended.signal.aborted) throw this.#elsewhere(); // M6
    const { role } = this.#options.host.replica;
    if (role.kind !== 'available' && role.kind !== 'resigning') throw this.#elsewhere();
  }

  #elsewhere(): Refusal {
    const { reason } = this.#ended.signal;
    return reason instanceof Moved
      ? notAvailableHere(reason.address, reason.epoch)
      : notAvailableHere('', this.epoch);
  }

  /** Neither the set nor the router vouches for this reign now: another master may be available. */
  #notNow(cause: unknown): Refusal {
    const refused = refusal(
      'NOT_AVAILABLE_MASTER',
      'neither the standbys nor the router can be reached to confirm this',
      {
        address: '',
        epoch: String(this.epoch),
      },
    );
    refused.cause = cause;
    return refused;
  }
}
