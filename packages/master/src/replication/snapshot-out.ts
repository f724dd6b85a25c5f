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
import { recordsFrame, usersFrame } from './snapshot-frame.js';

export interface SnapshotOutOptions {
  readonly store: Pick<JournalStore, 'openSnapshot' | 'facts'>;
  readonly clock: Clock;
  readonly random: Random;
  /** @throws Refusal when this is not the available master */
  readonly mustReign: () => void;
}

/** In a turn of the loop: a message costs much, so parts share one, yet who posts meanwhile waits for every turn. */
const bytesInMessage = 4 * 1024;

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
    const parts = withOneAtLeast(reader.followerInfo());
    await this.#send(open, snapshotId, out, parts, (users) => usersFrame(place, users));
  };

  readonly getPosts: ServerStreamHandler<GetPostsRequest, GetPostsResponse> = async (
    { snapshotId },
    _context,
    out,
  ) => {
    const open = this.#open.get(snapshotId);
    if (open === undefined) throw refusal('SNAPSHOT_UNKNOWN');
    const { reader } = open;
    await this.#send(open, snapshotId, out, reader.records(), recordsFrame);
    out.write({ records: [], stateHash: reader.stateHash });
    this.#close(snapshotId);
  };

  [Symbol.dispose](): void {
    for (const snapshotId of [...this.#open.keys()]) this.#close(snapshotId);
  }

  /** Message after message, as the receiver takes them; between two the loop is free. */
  async #send<Part, Response>(
    open: Open,
    snapshotId: string,
    out: Out<Response>,
    parts: Iterable<Part>,
    frame: (part: Part) => Buffer,
  ): Promise<void> {
    const { clock } = this.#options;
    try {
      for (const message of messagesOf(parts, frame)) {
        open.cancel();
        open.cancel = clock.after(keptMs, () => this.#close(snapshotId));
        if (!out.write(message)) await out.ready();
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

/** All their fields may be repeated, so one message after another is one message. */
function* messagesOf<Part>(parts: Iterable<Part>, frame: (part: Part) => Buffer): Generator<Buffer> {
  let frames: Buffer[] = [];
  let bytes = 0;
  for (const part of parts) {
    const next = frame(part);
    frames.push(next);
    bytes += next.length;
    if (bytes < bytesInMessage) continue;
    yield Buffer.concat(frames, bytes);
    frames = [];
    bytes = 0;
  }
  if (frames.length > 0) yield Buffer.concat(frames, bytes);
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
