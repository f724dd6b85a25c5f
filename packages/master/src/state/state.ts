/**
 * The committed entries, applied in order: the same at every master after the same entry.
 *
 * M15: a command id is applied once. `apply` is total: an entry that cannot be applied is set aside, the same way everywhere, and the next one
 * is applied (a fault of the disk is none of the entry's, and is thrown).
 */
import type { StoredPosition } from '@everline/contracts';
import { DamagedStore } from '../store/errors.js';
import type { JournalEntry } from '../store/journal-entry.js';
import type { Records, Write } from '../store/records/records.js';
import { Answers, keptMs, madeBefore } from './answers.js';
import type { Applied } from './applied.js';
import { commandIdOf, draftOf, readCommand } from './command.js';
import { decide } from './decide.js';
import { type Decision, decline, refused } from './decision.js';
import type { Draft } from './draft.js';
import { Followings } from './followings.js';
import { noPrefix, readSeq, seqKey } from './keys.js';
import { LiveSessions } from './live-sessions.js';
import { Look } from './look.js';
import { NewestPosts } from './newest-posts.js';
import type { Outcome } from './outcome.js';
import { hashOf } from './position.js';
import { Users } from './user.js';

export class State {
  readonly users: Users;
  readonly sessions: LiveSessions;
  readonly followings: Followings;
  readonly newestPosts: NewestPosts;
  readonly #records: Records;
  readonly #look: Look;
  readonly #answers: Answers;
  #appliedSeq: number;
  #appliedEpoch: number;
  #atMs: number;

  constructor(records: Records, position: StoredPosition) {
    this.#records = records;
    this.users = new Users(records);
    this.sessions = new LiveSessions(records, this.users);
    this.followings = new Followings(records, this.users);
    this.newestPosts = new NewestPosts(records);
    this.#look = new Look(records, this.users);
    this.#answers = new Answers(records, this.#look, Number(position.forgottenMs));
    this.#appliedSeq = Number(position.appliedSeq);
    this.#appliedEpoch = Number(position.appliedEpoch);
    this.#atMs = Number(position.atMs);
  }

  get appliedSeq(): number {
    return this.#appliedSeq;
  }

  get appliedEpoch(): number {
    return this.#appliedEpoch;
  }

  /** T1: of the last applied command. */
  get lastAtMs(): number {
    return this.#atMs;
  }

  /** Equal at every master that has applied the same entries. */
  get hash(): string {
    return hashOf(this.position());
  }

  position(): StoredPosition {
    const { high, low } = this.#records.sum;
    return {
      appliedSeq: BigInt(this.#appliedSeq),
      appliedEpoch: BigInt(this.#appliedEpoch),
      atMs: BigInt(this.#atMs),
      forgottenMs: BigInt(this.#answers.forgottenMs),
      hashHigh: high,
      hashLow: low,
    };
  }

  /** Where reigns began, among the applied entries. */
  reigns(): { readonly fromSeq: number; readonly epoch: number }[] {
    const found = this.#records.part('reigns', { prefix: noPrefix, limit: Number.MAX_SAFE_INTEGER });
    return found.map(({ key, value }) => ({ fromSeq: readSeq(key), epoch: readSeq(value) }));
  }

  apply(entries: readonly JournalEntry[]): Applied[] {
    return entries.map((entry) => {
      if (entry.seq !== this.#appliedSeq + 1)
        throw new Error(`entry ${entry.seq} cannot be applied after entry ${this.#appliedSeq}`);
      const applied = this.#apply(entry);
      this.#appliedSeq = entry.seq;
      this.#appliedEpoch = entry.epoch;
      return applied;
    });
  }

  /** M15. @param wallMs of a clock that does not jump */
  answerTo(draft: Draft, wallMs: number): Outcome | undefined {
    const known = this.#answers.known(draft);
    if (known !== undefined || draft.kind === 'post') return known;
    return madeBefore(draft.id, wallMs - keptMs) ? refused('REQUEST_TOO_OLD') : undefined;
  }

  #apply({ seq, epoch, command }: JournalEntry): Applied {
    if (epoch !== this.#appliedEpoch) {
      this.#records.apply([{ table: 'reigns', key: seqKey(seq), old: undefined, value: seqKey(epoch) }]);
    }
    if (command.length === 0) return { seq, epoch, id: undefined, outcome: { kind: 'done' } };
    const id = commandIdOf(command);
    const decision = this.#decide(seq, id, command);
    this.#carryOut(decision, seq);
    const { outcome, change } = decision;
    return { seq, epoch, id, outcome, ...(change === undefined ? {} : { change }) };
  }

  #decide(seq: number, id: string | undefined, bytes: Uint8Array): Decision {
    try {
      const command = readCommand(bytes);
      const draft = draftOf(command, id);
      if (draft === undefined || !storable(draft, command.atMs)) return quarantine(seq, bytes);
      this.#atMs = Math.max(this.#atMs, command.atMs);
      this.#records.apply(this.#answers.forget(this.#atMs));
      const known = this.#answers.known(draft, command.id);
      if (known !== undefined) return { outcome: known, writes: [] };
      const decision = decide(draft, command, seq, this.#look);
      if (decision.answered === true) return decision;
      return {
        ...decision,
        writes: [...decision.writes, ...this.#answers.writesFor(draft.id, seq, bytes, decision.outcome)],
      };
    } catch (error) {
      if (error instanceof DamagedStore) throw error;
      return quarantine(seq, bytes);
    }
  }

  #carryOut({ writes, change, entered, answered }: Decision, seq: number): void {
    this.#records.apply(writes);
    if (entered !== undefined) this.users.entered(entered);
    if (answered !== true) this.#answers.entered();
    if (change === undefined) return;
    if (change.kind === 'post') {
      const author = this.users.named(change.author);
      if (author !== undefined) author.headSeq = seq;
    } else if (change.kind === 'follow' || change.kind === 'unfollow')
      this.followings.changed(change.username);
    else if (change.kind === 'session-begun') this.sessions.begun(change);
    else if (change.kind === 'session-ended') this.sessions.ended(change);
  }
}

/** Names are keys, and times are six bytes: what was validated before it was appended always is. */
function storable(draft: Draft, atMs: number): boolean {
  const names = draft.kind === 'post' ? [draft.author] : [draft.username];
  if (draft.kind === 'follow' || draft.kind === 'unfollow') names.push(draft.followee);
  return atMs < latestMs && names.every((name) => name.length > 0 && name.length <= longestName);
}

const latestMs = 2 ** 48;
const longestName = 32;

/** Kept for people to look at; its answer is a fault of ours. */
function quarantine(seq: number, command: Uint8Array): Decision {
  const write: Write = { table: 'quarantine', key: seqKey(seq), old: undefined, value: command };
  return {
    ...decline('UNEXPECTED', 'this command cannot be applied, and is set aside'),
    writes: [write],
    answered: true,
  };
}
