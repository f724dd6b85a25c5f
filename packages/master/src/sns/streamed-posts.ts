// Posts that come on an open timeline: several are under way at once, answered in the order in which they came.

import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { type Intake, type OpenOut, Refusal } from '@everline/chassis';
import { type NewPost, PostRefusal, REASONS, type TimelineResponse } from '@everline/contracts';
import { refusal } from '../errors.js';
import { idIn, invalid, postText } from './fields.js';
import type { Answer, Reign } from './role.js';

export interface StreamedPostsOptions {
  readonly username: string;
  readonly reign: Reign;
  readonly out: OpenOut<TimelineResponse>;
  readonly intake: Intake;
}

/** Under way on one stream; the client is held back at more. */
const mostUnderWay = 256;
const mostInMessage = 256;

interface Slot {
  readonly postId: string;
  settled: Answer | Refusal | undefined;
}

export class StreamedPosts {
  readonly #options: StreamedPostsOptions;
  /** Whether the answers are still waited for: a signal for each of thousands of readers would take 2 KB. */
  readonly #caller: { aborted: boolean; readonly reason: unknown } = { aborted: false, reason: undefined };
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
    const slot: Slot = { postId, settled: undefined };
    this.#slots.push(slot);
    this.#propose(slot, text).then(
      (answer) => this.#settle(slot, answer),
      (error: unknown) =>
        this.#settle(slot, error instanceof Refusal ? error : refusal('UNEXPECTED', undefined, {})),
    );
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
    this.#caller.aborted = true;
  }

  /** Who does not take its answers sends no more posts. */
  get #hasRoom(): boolean {
    return this.#slots.length - this.#first < mostUnderWay && this.#options.out.pending < mostUnderWay;
  }

  /** Not async: several posts of one turn are proposed in their order, before anything else happens. */
  #propose({ postId }: Slot, text: string): Promise<Answer> {
    const { reign, username } = this.#options;
    try {
      const id = idIn('post_id', postId);
      return reign.propose({ kind: 'post', id, author: username, text: postText(text) }, this.#caller);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** What one commit settles is answered in one go. */
  #settle(slot: Slot, settled: Answer | Refusal): void {
    slot.settled = settled;
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
    if (!this.#together || answered.length === 0)
      return answered.map((slot) => writeResult(new BinaryWriter(), tag.posted, slot).finish());
    const writer = new BinaryWriter().uint32(tag.results).fork();
    for (const slot of answered) writeResult(writer, tag.result, slot);
    return [writer.join().finish()];
  }
}

/** The same post may be taken later: then none after it may be taken before it. */
function passes({ reason }: Refusal): boolean {
  return reason in REASONS && REASONS[reason as keyof typeof REASONS].retryable;
}

const tag = { posted: 18, results: 50, result: 10, postId: 10, post: 18, refusal: 26, copies: 32 };

/** By hand: the post's bytes go in as they are stored. */
function writeResult(writer: BinaryWriter, field: number, { postId, settled }: Slot): BinaryWriter {
  writer.uint32(field).fork().uint32(tag.postId).string(postId);
  if (settled instanceof Refusal) writeRefusal(writer, settled);
  else if (settled?.outcome.kind === 'refused')
    writeRefusal(writer, refusal(settled.outcome.reason, settled.outcome.text));
  else if (settled?.outcome.kind === 'post')
    writer.uint32(tag.post).bytes(settled.outcome.post).uint32(tag.copies).uint32(settled.copies);
  return writer.join();
}

function writeRefusal(writer: BinaryWriter, { code, reason, message }: Refusal): void {
  PostRefusal.encode({ code, reason, message }, writer.uint32(tag.refusal).fork()).join();
}
