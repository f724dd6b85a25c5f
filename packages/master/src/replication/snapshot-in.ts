// Fetches a snapshot from the available master and puts it in the place of what is here.
import type { Clock, RpcChannel } from '@everline/chassis';
import { failureOf } from '@everline/chassis';
import {
  type GetFollowerInfoRequest,
  GetFollowerInfoResponse,
  type GetPostsRequest,
  ReplicationServiceClient,
  ReplicationServiceService,
} from '@everline/contracts';
import type { Client } from '@grpc/grpc-js';
import type { SnapshotWriter } from '../store/store.js';
import type { JournalStore } from './journal-store.js';
import { recordsIn, usersIn } from './snapshot-frame.js';

export interface SnapshotInOptions {
  readonly store: Pick<JournalStore, 'beginRestore' | 'facts'>;
  readonly channel: RpcChannel;
  readonly clock: Clock;
  readonly epoch: number;
  readonly signal: AbortSignal;
}

/** Between two parts, at most: then the sender is taken for dead, and another try begins. */
const partMs = 10_000;

/** Written in one go: of the shortest records 1,500, which take three milliseconds. */
const gatheredBytes = 32 * 1024;

/** @returns the place in the journal after which it goes on */
export async function fetchSnapshot(options: SnapshotInOptions): Promise<number> {
  await using writer = await options.store.beginRestore();
  const client = framesOf(options.channel.client(ReplicationServiceClient));
  const clusterId = options.store.facts().clusterId ?? '';
  const place = await takeUsers(
    client.getFollowerInfo({ epoch: BigInt(options.epoch), clusterId }),
    writer,
    options,
  );
  if (place === undefined) throw new Error('the snapshot has no beginning');
  const { snapshotId } = place;
  const stateHash = await takeRecords(client.getPosts({ snapshotId }), writer, options);
  if (stateHash === undefined) throw new Error('the snapshot has no end');
  const asOfSeq = Number(place.asOfSeq);
  await writer.finish({ asOfSeq, asOfEpoch: Number(place.asOfEpoch), stateHash });
  return asOfSeq;
}

async function takeUsers(
  stream: ServerStream<Buffer>,
  writer: SnapshotWriter,
  options: SnapshotInOptions,
): Promise<GetFollowerInfoResponse | undefined> {
  let place: GetFollowerInfoResponse | undefined;
  for await (const frame of gathered(partsOf(stream, options))) {
    place ??= GetFollowerInfoResponse.decode(frame);
    await writer.addFollowerInfo(usersIn(frame));
  }
  return place;
}

async function takeRecords(
  stream: ServerStream<Buffer>,
  writer: SnapshotWriter,
  options: SnapshotInOptions,
): Promise<string | undefined> {
  let stateHash: string | undefined;
  const onStateHash = (hash: string): void => {
    stateHash = hash;
  };
  for await (const frame of gathered(partsOf(stream, options)))
    await writer.addRecords(recordsIn(frame, onStateHash));
  return stateHash;
}

/** The client of these two calls that leaves the answers' bytes as they are. */
function framesOf(client: Client) {
  const { getFollowerInfo, getPosts } = ReplicationServiceService;
  return {
    getFollowerInfo: (request: GetFollowerInfoRequest): ServerStream<Buffer> =>
      client.makeServerStreamRequest(getFollowerInfo.path, getFollowerInfo.requestSerialize, asIs, request),
    getPosts: (request: GetPostsRequest): ServerStream<Buffer> =>
      client.makeServerStreamRequest(getPosts.path, getPosts.requestSerialize, asIs, request),
  };
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}

interface ServerStream<T> extends AsyncIterable<T> {
  cancel(): void;
}

/** Messages one after another are one message: each of these becomes a transaction, which costs as much as hundreds of records do. */
async function* gathered(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  for await (const part of parts) {
    waiting.push(part);
    bytes += part.length;
    if (bytes < gatheredBytes) continue;
    yield Buffer.concat(waiting, bytes);
    waiting = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(waiting, bytes);
}

/** Ends with the signal, and when no part comes for too long. */
async function* partsOf<T>(stream: ServerStream<T>, { clock, signal }: SnapshotInOptions): AsyncGenerator<T> {
  let cancelStall = clock.after(partMs, () => stream.cancel());
  const stop = (): void => stream.cancel();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const part of stream) {
      cancelStall();
      yield part;
      cancelStall = clock.after(partMs, () => stream.cancel());
    }
  } catch (error) {
    throw failureOf(error as Parameters<typeof failureOf>[0]);
  } finally {
    cancelStall();
    signal.removeEventListener('abort', stop);
    stream.cancel();
  }
  signal.throwIfAborted();
}
