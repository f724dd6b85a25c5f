// The messages of a snapshot by hand: millions of small records, each of them written once, in one allocation a message.
import { type FollowerInfo, GetFollowerInfoResponse, type StoredRecord } from '@everline/contracts';
import { varintLength, WireReader, writeHead, writeVarint } from '../state/wire.js';
import type { FollowerPart } from '../store/store.js';

const tag = {
  records: 10,
  recordKey: 10,
  recordValue: 18,
  users: 18,
  name: 10,
  info: 18,
  number: 8,
  since: 16,
  edge: 26,
  edgeSince: 16,
  edgeNumber: 24,
  stateHash: 18,
};

/** The records of a GetPostsResponse, each read when it is taken: all at once would outlive a collection of garbage. */
export function* recordsIn(frame: Uint8Array, onStateHash: (hash: string) => void): Generator<StoredRecord> {
  const reader = new WireReader(frame);
  while (!reader.done) {
    const field = reader.varint();
    if (field === tag.records) yield recordIn(reader);
    else if (field === tag.stateHash) onStateHash(reader.text());
    else reader.skip(field);
  }
}

function recordIn(reader: WireReader): StoredRecord {
  let key: Buffer = nothing;
  let value: Buffer = nothing;
  for (const end = reader.enter(); reader.at < end; ) {
    const field = reader.varint();
    if (field === tag.recordKey) key = reader.bytes();
    else if (field === tag.recordValue) value = reader.bytes();
    else reader.skip(field);
  }
  return { key, value };
}

/** The users of a GetFollowerInfoResponse, likewise. */
export function* usersIn(frame: Uint8Array): Generator<readonly [string, FollowerPart]> {
  const reader = new WireReader(frame);
  while (!reader.done) {
    const field = reader.varint();
    if (field === tag.users) yield userIn(reader);
    else reader.skip(field);
  }
}

function userIn(reader: WireReader): readonly [string, FollowerPart] {
  let name = '';
  let info: FollowerPart = { userNumber: 0, sinceSeq: 0, following: [] };
  for (const end = reader.enter(); reader.at < end; ) {
    const field = reader.varint();
    if (field === tag.name) name = reader.text();
    else if (field === tag.info) info = infoIn(reader);
    else reader.skip(field);
  }
  return [name, info];
}

function infoIn(reader: WireReader): FollowerPart {
  let userNumber = 0;
  let sinceSeq = 0;
  const following: FollowerPart['following'][number][] = [];
  for (const end = reader.enter(); reader.at < end; ) {
    const field = reader.varint();
    if (field === tag.number) userNumber = reader.varint();
    else if (field === tag.since) sinceSeq = reader.varint();
    else if (field === tag.edge) following.push(edgeIn(reader));
    else reader.skip(field);
  }
  return { userNumber, sinceSeq, following };
}

function edgeIn(reader: WireReader): FollowerPart['following'][number] {
  let userNumber = 0;
  let sinceSeq = 0;
  for (const end = reader.enter(); reader.at < end; ) {
    const field = reader.varint();
    if (field === tag.edgeNumber) userNumber = reader.varint();
    else if (field === tag.edgeSince) sinceSeq = reader.varint();
    else reader.skip(field);
  }
  return { userNumber, sinceSeq };
}

/** GetPostsResponse */
export function recordsFrame(records: readonly StoredRecord[]): Buffer {
  let size = 0;
  for (const record of records) size += fieldLength(recordLength(record));
  const frame = Buffer.allocUnsafe(size);
  let at = 0;
  for (const record of records) {
    at = writeHead(frame, at, tag.records, recordLength(record));
    at = writeBytes(frame, at, tag.recordKey, record.key);
    at = writeBytes(frame, at, tag.recordValue, record.value);
  }
  return frame;
}

/** GetFollowerInfoResponse. Edges name nobody: a number says who it is. */
export function usersFrame(
  place: Omit<GetFollowerInfoResponse, 'followersByUser'>,
  users: ReadonlyMap<string, FollowerInfo>,
): Buffer {
  const head = GetFollowerInfoResponse.encode({ ...place, followersByUser: {} }).finish();
  const entries = [...users].map(([username, info]) => ({
    name: Buffer.from(username),
    info,
    length: infoLength(info),
  }));
  let size = head.length;
  for (const { name, length } of entries) size += fieldLength(fieldLength(name.length) + fieldLength(length));
  const frame = Buffer.allocUnsafe(size);
  frame.set(head);
  let at = head.length;
  for (const { name, info, length } of entries) {
    at = writeHead(frame, at, tag.users, fieldLength(name.length) + fieldLength(length));
    at = writeBytes(frame, at, tag.name, name);
    at = writeInfo(frame, writeHead(frame, at, tag.info, length), info);
  }
  return frame;
}

function writeInfo(frame: Buffer, from: number, { userNumber, sinceSeq, following }: FollowerInfo): number {
  let at = writeNumber(frame, from, tag.number, userNumber);
  at = writeNumber(frame, at, tag.since, Number(sinceSeq));
  for (const edge of following) {
    const since = Number(edge.sinceSeq);
    at = writeHead(frame, at, tag.edge, edgeLength(since, edge.userNumber));
    at = writeNumber(frame, at, tag.edgeSince, since);
    at = writeNumber(frame, at, tag.edgeNumber, edge.userNumber);
  }
  return at;
}

function infoLength({ userNumber, sinceSeq, following }: FollowerInfo): number {
  let length = numberLength(userNumber) + numberLength(Number(sinceSeq));
  for (const edge of following) length += fieldLength(edgeLength(Number(edge.sinceSeq), edge.userNumber));
  return length;
}

function edgeLength(since: number, number: number): number {
  return numberLength(since) + numberLength(number);
}

function recordLength({ key, value }: StoredRecord): number {
  return bytesLength(key.length) + bytesLength(value.length);
}

function fieldLength(length: number): number {
  return 1 + varintLength(length) + length;
}

/** What is empty, or 0, is left out, as the generated codecs do. */
function bytesLength(length: number): number {
  return length === 0 ? 0 : fieldLength(length);
}

function numberLength(value: number): number {
  return value === 0 ? 0 : 1 + varintLength(value);
}

function writeBytes(frame: Buffer, at: number, field: number, bytes: Uint8Array): number {
  if (bytes.length === 0) return at;
  const begin = writeHead(frame, at, field, bytes.length);
  frame.set(bytes, begin);
  return begin + bytes.length;
}

function writeNumber(frame: Buffer, at: number, field: number, value: number): number {
  if (value === 0) return at;
  frame[at] = field;
  return writeVarint(frame, at + 1, value);
}

const nothing = Buffer.alloc(0);
