// GetFollowerInfo and GetPosts: the two parts of one snapshot, for a standby that the journal does not reach.
import type { Cancel, Clock, Out, Random, ServerStreamHandler } from '@everline/chassis';
import type {
  GetFollowerInfoRequest,
  GetFollowerInfoResponse,
  GetPostsRequest,
  GetPostsResponse,
} from '@everline/contracts';
import { refusal } from '../errors.js';
import type { SnapshotReader } from '../store/store.js';
import type { JournalStore } from './journal-store.js';

export interface SnapshotOutOptions {
  readonly store: Pick<JournalStore, 'openSnapshot' | 'facts'>;
  readonly clock: Clock;
  readonly random: Random;
  /** @throws Refusal when this is not the available master */
  readonly mustReign: () => void;
}

/** A snapshot holds disk space: it is given up when nobody has read from it for so long. */
const keptMs = 60_000;

interface Open {
  readonly reader: SnapshotReader;
  cancel: Cancel;
}

export class SnapshotOut implements Disposable {
  readonly #options: SnapshotOutOptions;
  readonly #open = new Map<string, Open>();

  constructor(options: SnapshotOutOptions) {
    this.#options = options;
  }

  readonly getFollowerInfo: ServerStreamHandler<GetFollowerInfoRequest, GetFollowerInfoResponse> = async (
    request,
    _context,
    out,
  ) => {
    const { store, random, mustReign } = this.#options;
    mustReign();
    const { clusterId, history } = store.facts();
    if (request.clusterId !== clusterId) throw refusal('FOREIGN_CLUSTER'); // R9
    const reader = store.openSnapshot();
    const snapshotId = random.uuid();
    const open: Open = { reader, cancel: () => undefined };
    this.#open.set(snapshotId, open);
    const place = {
      asOfSeq: BigInt(reader.asOfSeq),
      asOfEpoch: BigInt(reader.asOfEpoch),
      snapshotId,
      history,
    };
    await this.#send(open, snapshotId, out, withOneAtLeast(reader.followerInfo()), (users) => ({
      ...place,
      followersByUser: Object.fromEntries(users),
    }));
  };

  readonly getPosts: ServerStreamHandler<GetPostsRequest, GetPostsResponse> = async (
    { snapshotId },
    _context,
    out,
  ) => {
    const open = this.#open.get(snapshotId);
    if (open === undefined) throw refusal('SNAPSHOT_UNKNOWN');
    const { reader } = open;
    await this.#send(open, snapshotId, out, reader.records(), (records) => ({ records, stateHash: '' }));
    out.write({ records: [], stateHash: reader.stateHash });
    this.#close(snapshotId);
  };

  [Symbol.dispose](): void {
    for (const snapshotId of [...this.#open.keys()]) this.#close(snapshotId);
  }

  /** Part after part, as the receiver takes them; between two the loop is free. */
  async #send<Part, Response>(
    open: Open,
    snapshotId: string,
    out: Out<Response>,
    parts: Iterable<Part>,
    message: (part: Part) => Response,
  ): Promise<void> {
    const { clock } = this.#options;
    try {
      for (const part of parts) {
        open.cancel();
        open.cancel = clock.after(keptMs, () => this.#close(snapshotId));
        if (!out.write(message(part))) await out.ready();
        await new Promise<void>((resolve) => clock.soon(resolve));
        if (!this.#open.has(snapshotId)) throw refusal('SNAPSHOT_UNKNOWN');
      }
    } catch (error) {
      this.#close(snapshotId);
      throw error;
    }
  }

  #close(snapshotId: string): void {
    const open = this.#open.get(snapshotId);
    if (open === undefined) return;
    this.#open.delete(snapshotId);
    open.cancel();
    open.reader[Symbol.dispose]();
  }
}

/** The receiver learns from the first part what it gets, also when there is nothing in it. */
function* withOneAtLeast<K, V>(parts: Iterable<ReadonlyMap<K, V>>): Generator<ReadonlyMap<K, V>> {
  let any = false;
  for (const part of parts) {
    any = true;
    yield part;
  }
  if (!any) yield new Map();
}
