// Posts that come on an open timeline: several are under way at once, answered in the order in which they came.

import { type Intake, type OpenOut, Refusal } from '@everline/chassis';
import { type NewPost, REASONS, type TimelineResponse } from '@everline/contracts';
import { refusal } from '../errors.js';
import { idIn, invalid, postText } from './fields.js';
import { encodePosted, encodeResults } from './post-results.js';
import type { Answer, Caller, Reign, Waiter } from './role.js';

export interface StreamedPostsOptions {
  readonly username: string;
  readonly reign: Reign;
  readonly out: OpenOut<TimelineResponse>;
  readonly intake: Intake;
}

/** Under way on one stream; the client is held back at more. */
const mostUnderWay = 256;
const mostInMessage = 256;

export class StreamedPosts {
  readonly #options: StreamedPostsOptions;
  /** Whether the answers are still waited for: a signal for each of thousands of readers would take 2 KB. */
  readonly caller = { aborted: false, reason: undefined };
  #slots: Slot[] = [];
  #first = 0;
  /** Posts come together, and their answers go together. */
  #together = false;
  #answering = false;
  /** None may be taken after one that may be taken later. */
  #refusing = false;

  constructor(options: StreamedPostsOptions) {
    this.#options = options;
  }

  take({ postId, text }: NewPost): void {
    if (this.#refusing) return;
    const slot = new Slot(postId, this);
    this.#slots.push(slot);
    this.#propose(slot, text);
    if (!this.#hasRoom) this.#options.intake.pause();
  }

  takeAll(posts: readonly NewPost[]): void {
    if (posts.length > mostInMessage) throw invalid('posts', `${mostInMessage} at most`);
    this.#together = true;
    for (const post of posts) this.take(post);
  }

  /** The client takes its answers again. */
  resume(): void {
    if (this.#hasRoom) this.#options.intake.resume();
  }

  close(): void {
    this.#slots = [];
    this.#first = 0;
    this.caller.aborted = true;
  }

  /** Who does not take its answers sends no more posts. */
  get #hasRoom(): boolean {
    return this.#slots.length - this.#first < mostUnderWay && this.#options.out.pending < mostUnderWay;
  }

  #propose(slot: Slot, text: string): void {
    const { reign, username } = this.#options;
    try {
      const id = idIn('post_id', slot.postId);
      reign.proposeFor({ kind: 'post', id, author: username, text: postText(text) }, slot);
    } catch (error) {
      slot.failed(error);
    }
  }

  /** What one commit settles is answered in one go. */
  noteSettled(settled: Answer | Refusal): void {
    this.#refusing ||= settled instanceof Refusal && passes(settled);
    if (this.#answering) return;
    this.#answering = true;
    queueMicrotask(() => {
      this.#answering = false;
      this.#answer();
    });
  }

  #answer(): void {
    const { out, intake } = this.#options;
    const answered: Slot[] = [];
    let passing: Refusal | undefined;
    while (passing === undefined) {
      const head = this.#slots[this.#first];
      if (head?.settled === undefined) break;
      this.#first++;
      if (head.settled instanceof Refusal && passes(head.settled)) passing = head.settled;
      else answered.push(head);
    }
    for (const frame of this.#framesOf(answered)) out.write(frame);
    if (passing !== undefined) {
      out.fail(passing);
      return;
    }
    if (this.#first >= mostUnderWay) {
      this.#slots = this.#slots.slice(this.#first);
      this.#first = 0;
    }
    if (this.#hasRoom) intake.resume();
  }

  #framesOf(answered: readonly Slot[]): Uint8Array[] {
    if (!this.#together || answered.length === 0) return answered.map(encodePosted);
    return [encodeResults(answered)];
  }
}

/** One post on its way, and what became of it. */
class Slot implements Waiter {
  readonly postId: string;
  settled: Answer | Refusal | undefined;
  readonly #posts: StreamedPosts;

  constructor(postId: string, posts: StreamedPosts) {
    this.postId = postId;
    this.#posts = posts;
  }

  get caller(): Caller {
    return this.#posts.caller;
  }

  answered(answer: Answer): void {
    this.settled = answer;
    this.#posts.noteSettled(answer);
  }

  failed(error: unknown): void {
    this.settled = error instanceof Refusal ? error : refusal('UNEXPECTED', undefined, {});
    this.#posts.noteSettled(this.settled);
  }
}

/** The same post may be taken later: then none after it may be taken before it. */
function passes({ reason }: Refusal): boolean {
  return reason in REASONS && REASONS[reason as keyof typeof REASONS].retryable;
}
