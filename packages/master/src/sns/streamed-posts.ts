// Posts that come on an open timeline: several are under way at once, answered in the order in which they came.

import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { type Intake, type OpenOut, Refusal } from '@everline/chassis';
import type { NewPost, TimelineResponse } from '@everline/contracts';
import { REASONS } from '@everline/contracts';
import { refusal } from '../errors.js';
import type { Outcome } from '../state/outcome.js';
import { postedFrame } from '../timeline/frames.js';
import { idIn, postText } from './fields.js';
import type { Answer, Reign } from './role.js';

export interface StreamedPostsOptions {
  readonly username: string;
  readonly reign: Reign;
  readonly out: OpenOut<TimelineResponse>;
  readonly intake: Intake;
}

/** Under way on one stream; the client is held back at more. */
const mostUnderWay = 256;

interface Slot {
  readonly postId: string;
  settled: Uint8Array | Refusal | undefined;
}

export class StreamedPosts {
  readonly #options: StreamedPostsOptions;
  readonly #abort = new AbortController();
  #slots: Slot[] = [];
  #first = 0;

  constructor(options: StreamedPostsOptions) {
    this.#options = options;
  }

  take({ postId, text }: NewPost): void {
    const slot: Slot = { postId, settled: undefined };
    this.#slots.push(slot);
    this.#propose(slot, text).then(
      ({ outcome, copies }) => this.#settle(slot, answerFrame(postId, outcome, copies)),
      (error: unknown) =>
        this.#settle(slot, error instanceof Refusal ? error : refusal('UNEXPECTED', undefined, {})),
    );
    if (!this.#hasRoom) this.#options.intake.pause();
  }

  /** The client takes its answers again. */
  resume(): void {
    if (this.#hasRoom) this.#options.intake.resume();
  }

  close(): void {
    this.#slots = [];
    this.#first = 0;
    this.#abort.abort();
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
      return reign.propose({ kind: 'post', id, author: username, text: postText(text) }, this.#abort.signal);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #settle(slot: Slot, settled: Uint8Array | Refusal): void {
    slot.settled = settled;
    const { out, intake } = this.#options;
    for (;;) {
      const head = this.#slots[this.#first];
      if (head?.settled === undefined) break;
      this.#first++;
      if (!(head.settled instanceof Refusal)) out.write(head.settled);
      else if (passes(head.settled)) {
        out.fail(head.settled);
        return;
      } else out.write(refusalFrame(head.postId, head.settled));
    }
    if (this.#first >= mostUnderWay) {
      this.#slots = this.#slots.slice(this.#first);
      this.#first = 0;
    }
    if (this.#hasRoom) intake.resume();
  }
}

/** The same post may be taken later: then none after it may be taken before it. */
function passes({ reason }: Refusal): boolean {
  return reason in REASONS && REASONS[reason as keyof typeof REASONS].retryable;
}

function answerFrame(postId: string, outcome: Outcome, copies: number): Uint8Array {
  if (outcome.kind === 'refused') return refusalFrame(postId, refusal(outcome.reason, outcome.text));
  const writer = new BinaryWriter().uint32(18).fork().uint32(10).string(postId);
  if (outcome.kind === 'post') writer.uint32(18).bytes(outcome.post);
  return writer.uint32(32).uint32(copies).join().finish();
}

function refusalFrame(postId: string, { code, reason, message }: Refusal): Uint8Array {
  return postedFrame({ postId, result: { $case: 'refusal', value: { code, reason, message } }, copies: 0 });
}
