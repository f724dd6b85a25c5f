// Commands as they stand in the journal: everline.replication.v1.Command.
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { Command } from '@everline/contracts';
import type { Draft, PostDraft } from './draft.js';
import { uuidByteLength, uuidBytes, uuidText } from './uuid.js';

export interface Place {
  readonly seq: number;
  /** Milliseconds since 1970, never less than in the entry before (T1). */
  readonly atMs: number;
}

/** The draft with its place. A post is encoded here, once in its life. */
export function encodeCommand(draft: Draft, { seq, atMs }: Place): Uint8Array {
  const writer = new BinaryWriter().uint32(10).bytes(uuidBytes(draft.id)).uint32(16).uint64(atMs);
  switch (draft.kind) {
    case 'post':
      return writer.uint32(26).bytes(encodePost(draft, { seq, atMs })).finish();
    case 'login':
      return names(writer, 34, draft.username, draft.sessionId ?? '').finish();
    case 'follow':
      return names(writer, 42, draft.username, draft.followee).finish();
    case 'unfollow':
      return names(writer, 50, draft.username, draft.followee).finish();
    case 'end-session':
      return names(writer, 58, draft.username, draft.sessionId).finish();
  }
}

/** The id of a command, without reading the rest. Undefined for the entry that begins a reign. */
export function commandIdOf(command: Uint8Array): string | undefined {
  if (command.length < idEnd || command[0] !== 10 || command[1] !== uuidByteLength) return undefined;
  return uuidText(command.subarray(2, idEnd));
}

/** Throws when the bytes are no command. */
export function decodeCommand(command: Uint8Array): Command {
  return Command.decode(command);
}

/** What the command asks for; undefined when it asks for nothing this version knows. */
export function draftOf({ id, command }: Command): Draft | undefined {
  if (command === undefined || id.length !== uuidByteLength) return undefined;
  const draftId = uuidText(id);
  switch (command.$case) {
    case 'post': {
      const { author, text } = readPost(command.value);
      return { kind: 'post', id: draftId, author, text };
    }
    case 'login': {
      const { username, sessionId } = command.value;
      return { kind: 'login', id: draftId, username, ...(sessionId === '' ? {} : { sessionId }) };
    }
    case 'follow':
      return {
        kind: 'follow',
        id: draftId,
        username: command.value.username,
        followee: command.value.followee,
      };
    case 'unfollow':
      return {
        kind: 'unfollow',
        id: draftId,
        username: command.value.username,
        followee: command.value.followee,
      };
    case 'endSession':
      return {
        kind: 'end-session',
        id: draftId,
        username: command.value.username,
        sessionId: command.value.sessionId,
      };
  }
}

/** An encoded everline.sns.v1.Post. */
function encodePost({ id, author, text }: PostDraft, { seq, atMs }: Place): Uint8Array {
  const writer = new BinaryWriter().uint32(10).string(id).uint32(18).string(author).uint32(26).string(text);
  writer
    .uint32(34)
    .fork()
    .uint32(8)
    .int64(Math.floor(atMs / 1_000));
  if (atMs % 1_000 !== 0) writer.uint32(16).int32((atMs % 1_000) * 1_000_000);
  return writer.join().uint32(40).uint64(seq).finish();
}

/** The four commands that name a user and one thing more share their shape. */
function names(writer: BinaryWriter, tag: number, username: string, other: string): BinaryWriter {
  writer.uint32(tag).fork().uint32(10).string(username);
  if (other !== '') writer.uint32(18).string(other);
  return writer.join();
}

/** The tag, the length, and the bytes of the id, which is always written first. */
const idEnd = 2 + uuidByteLength;

/** What state and timelines need of an encoded Post, without decoding all of it. */
export interface PostFields {
  readonly postId: string;
  readonly author: string;
  readonly text: string;
  readonly seq: number;
}

export function readPost(bytes: Uint8Array): PostFields {
  const reader = new BinaryReader(bytes);
  let postId = '';
  let author = '';
  let text = '';
  let seq = 0;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 10) postId = reader.string();
    else if (tag === 18) author = reader.string();
    else if (tag === 26) text = reader.string();
    else if (tag === 40) seq = Number(reader.uint64());
    else reader.skip(tag & 7);
  }
  return { postId, author, text, seq };
}
