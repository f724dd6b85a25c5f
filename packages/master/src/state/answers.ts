/**
 * M15: a command id is answered once and for all. A post is its own answer, for ever. Other answers are kept for 24 hours of the journal's own
 * time and then forgotten, a few with each command; ids of version 7 that may have been forgotten are refused, never carried out again.
 */
import { REASONS, type Reason, StoredAnswer } from '@everline/contracts';
import type { Records, Write } from '../store/records/records.js';
import { draftOf, readCommand } from './command.js';
import { refused } from './decision.js';
import { type Draft, sameContent } from './draft.js';
import { noPrefix, readSeq, seqKey } from './keys.js';
import type { Look } from './look.js';
import type { Outcome } from './outcome.js';
import { readPost } from './post.js';
import { madeAtMs, uuidBytes, uuidText } from './uuid.js';

export const keptMs = 24 * 60 * 60 * 1_000;
/** Forgotten with one command, at most: more than one, so that they become fewer. */
const mostForgotten = 4;

interface Kept {
  readonly seq: number;
  readonly id: string;
  readonly stored: Buffer;
  readonly atMs: number;
}

export class Answers {
  readonly #records: Records;
  readonly #look: Look;
  /** Undefined when there is none; not looked for yet while it is `unknown`. */
  #oldest: Kept | undefined | 'unknown' = 'unknown';
  /** Ids that were made up to then may have been forgotten. */
  #forgottenMs: number;

  constructor(records: Records, look: Look, forgottenMs: number) {
    this.#records = records;
    this.#look = look;
    this.#forgottenMs = forgottenMs;
  }

  get forgottenMs(): number {
    return this.#forgottenMs;
  }

  /**
   * What is to be answered without carrying anything out; undefined for a command that is new.
   *
   * @param id that of the draft, 16 bytes
   */
  known(draft: Draft, id = uuidBytes(draft.id)): Outcome | undefined {
    const post = this.#look.post(id);
    if (post !== undefined) return samePost(draft, post) ? { kind: 'post', post } : refused('ID_REUSED');
    const stored = this.#look.answer(id);
    if (stored !== undefined) return outcomeOf(StoredAnswer.decode(stored), draft);
    return draft.kind !== 'post' && madeBefore(draft.id, this.#forgottenMs + 1)
      ? refused('REQUEST_TOO_OLD')
      : undefined;
  }

  writesFor(id: string, seq: number, command: Uint8Array, outcome: Outcome): readonly Write[] {
    const key = uuidBytes(id);
    const value = StoredAnswer.encode({
      command: Buffer.from(command.buffer, command.byteOffset, command.byteLength),
      seq: BigInt(seq),
      reason: outcome.kind === 'refused' ? outcome.reason : '',
      text: outcome.kind === 'refused' ? outcome.text : '',
      created: outcome.kind === 'login' && outcome.created,
    }).finish();
    return [
      { table: 'answers', key, old: undefined, value },
      { table: 'answer-ages', key: seqKey(seq), old: undefined, value: key },
    ];
  }

  /** Forgets what is too old at `atMs`: the writes are to be applied at once. */
  forget(atMs: number): readonly Write[] {
    const writes: Write[] = [];
    for (let i = 0; i < mostForgotten; i++) {
      const oldest = this.#oldestKept();
      if (oldest === undefined || oldest.atMs > atMs - keptMs) break;
      const key = uuidBytes(oldest.id);
      writes.push({ table: 'answers', key, old: oldest.stored, value: undefined });
      writes.push({ table: 'answer-ages', key: seqKey(oldest.seq), old: key, value: undefined });
      // A client whose clock is ahead must not make everyone else's ids too old.
      this.#forgottenMs = Math.max(this.#forgottenMs, Math.min(madeAtMs(oldest.id) ?? 0, oldest.atMs));
      this.#oldest = this.#oldestAfter(oldest.seq);
    }
    return writes;
  }

  /** The writes of `writesFor` are applied. */
  entered(): void {
    this.#oldest ??= 'unknown';
  }

  #oldestKept(): Kept | undefined {
    if (this.#oldest === 'unknown') this.#oldest = this.#oldestAfter(0);
    return this.#oldest;
  }

  #oldestAfter(seq: number): Kept | undefined {
    const [found] = this.#records.part('answer-ages', { prefix: noPrefix, after: seqKey(seq), limit: 1 });
    if (found === undefined) return undefined;
    const id = uuidText(found.value);
    const stored = this.#look.answer(found.value);
    if (stored === undefined) throw new Error(`the answer to ${id} is not there, and its age is`);
    const { command } = StoredAnswer.decode(stored);
    return { seq: readSeq(found.key), id, stored, atMs: readCommand(command).atMs };
  }
}

/** By the clock of whoever made the id; false when it does not tell. */
export function madeBefore(id: string, ms: number): boolean {
  return (madeAtMs(id) ?? Number.POSITIVE_INFINITY) < ms;
}

function samePost(draft: Draft, post: Buffer): boolean {
  if (draft.kind !== 'post') return false;
  const { author, text } = readPost(post);
  return author === draft.author && text === draft.text;
}

function outcomeOf({ command, reason, text, created }: StoredAnswer, draft: Draft): Outcome {
  const first = draftOf(readCommand(command));
  if (first === undefined || !sameContent(draft, first)) return refused('ID_REUSED');
  if (reason !== '') return refused(reason in REASONS ? (reason as Reason) : 'UNEXPECTED', text);
  return draft.kind === 'login' ? { kind: 'login', created } : { kind: 'done' };
}
