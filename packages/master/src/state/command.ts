// Commands as they stand in the journal: everline.replication.v1.Command.
import { EndSessionCommand, FollowCommand, LoginCommand, UnfollowCommand } from '@everline/contracts';
import type { Draft, PostDraft } from './draft.js';
import { type PostFields, postLength, readPost, writePost } from './post.js';
import { uuidByteLength, uuidText, writeUuid } from './uuid.js';
import { varintLength, WireReader, writeHead, writeVarint } from './wire.js';

export interface Place {
  readonly seq: number;
  /** Milliseconds since 1970, never less than in the entry before (T1). */
  readonly atMs: number;
}

/** A command, its inside not looked at yet. */
export interface Command {
  readonly id: Buffer;
  readonly atMs: number;
  /** Of the field that says what it is; undefined when this version knows none of them. */
  readonly tag: number | undefined;
  readonly body: Buffer;
}

const tags = { id: 10, atMs: 16, post: 26, login: 34, follow: 42, unfollow: 50, 'end-session': 58 };
const kinds: ReadonlySet<number> = new Set([
  tags.post,
  tags.login,
  tags.follow,
  tags.unfollow,
  tags['end-session'],
]);

/** The draft with its place. A post is encoded here, once in its life. */
export function encodeCommand(draft: Draft, place: Place): Uint8Array {
  const names = draft.kind === 'post' ? undefined : encodeNames(draft);
  const bodyLength = draft.kind === 'post' ? postLength(draft, place) : (names?.length ?? 0);
  const headLength = 2 + uuidByteLength + 1 + varintLength(place.atMs) + 1 + varintLength(bodyLength);
  const command = Buffer.allocUnsafe(headLength + bodyLength);
  let at = writeUuid(command, writeHead(command, 0, tags.id, uuidByteLength), draft.id);
  at = writeVarint(command, writeHead(command, at, tags.atMs, 0) - 1, place.atMs);
  at = writeHead(command, at, tags[draft.kind], bodyLength);
  if (draft.kind === 'post') writePost(command, at, draft, place);
  else if (names !== undefined) command.set(names, at);
  return command;
}

/** Names are few and short: the generated codecs do. */
function encodeNames(draft: Exclude<Draft, { kind: 'post' }>): Uint8Array {
  const { username } = draft;
  switch (draft.kind) {
    case 'login':
      return LoginCommand.encode({ username, sessionId: draft.sessionId ?? '' }).finish();
    case 'follow':
      return FollowCommand.encode({ username, followee: draft.followee }).finish();
    case 'unfollow':
      return UnfollowCommand.encode({ username, followee: draft.followee }).finish();
    case 'end-session':
      return EndSessionCommand.encode({ username, sessionId: draft.sessionId }).finish();
  }
}

/** The id of a command, without reading the rest. Undefined for the entry that begins a reign. */
export function commandIdOf(command: Uint8Array): string | undefined {
  if (command.length < idEnd || command[0] !== tags.id || command[1] !== uuidByteLength) return undefined;
  return uuidText(command.subarray(2, idEnd));
}

/** The tag, the length, and the bytes of the id, which is always written first. */
const idEnd = 2 + uuidByteLength;

/** Throws when the bytes are no command. */
export function readCommand(bytes: Uint8Array): Command {
  const reader = new WireReader(bytes);
  let id: Buffer = Buffer.alloc(0);
  let atMs = 0;
  let tag: number | undefined;
  let body: Buffer = id;
  while (!reader.done) {
    const next = reader.varint();
    if (next === tags.id) id = reader.bytes();
    else if (next === tags.atMs) atMs = reader.varint();
    else if (kinds.has(next)) {
      tag = next;
      body = reader.bytes();
    } else reader.skip(next);
  }
  return { id, atMs, tag, body };
}

/** A draft as it stands in the journal: of a post with what the post says about its own place. */
export type PlacedDraft = Exclude<Draft, PostDraft> | (PostDraft & PostFields);

/**
 * What the command asks for; undefined when it asks for nothing this version knows.
 *
 * @param id of the command, where it is known already
 */
export function draftOf(
  { id: idBytes, tag, body }: Command,
  id = uuidText(idBytes),
): PlacedDraft | undefined {
  if (idBytes.length !== uuidByteLength) return undefined;
  switch (tag) {
    case tags.post: {
      const { postId, author, text, seq } = readPost(body);
      return { kind: 'post', id, postId, author, text, seq };
    }
    case tags.login: {
      const { username, sessionId } = LoginCommand.decode(body);
      return { kind: 'login', id, username, ...(sessionId === '' ? {} : { sessionId }) };
    }
    case tags.follow:
      return { kind: 'follow', id, ...FollowCommand.decode(body) };
    case tags.unfollow:
      return { kind: 'unfollow', id, ...UnfollowCommand.decode(body) };
    case tags['end-session']:
      return { kind: 'end-session', id, ...EndSessionCommand.decode(body) };
    default:
      return undefined;
  }
}
