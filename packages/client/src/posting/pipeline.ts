import type { Cancel } from '@everline/chassis/clock';
import type { PostResult } from '@everline/contracts';
import { judge } from '../calls/judgement.js';
import type { PostsOptions } from '../client.js';
import type { Context } from '../context.js';
import { Closed, Refused, Unknown, Unreachable } from '../errors.js';
import { postUnary } from '../verbs/post.js';
import { postOf } from '../wire/post-of.js';
import { faultOfText } from './check-text.js';
import type { PostDraft, PostOutcome } from './outcome.js';
import { PostsLink } from './posts-link.js';
import { Source } from './source.js';
import { type Pending, Window } from './window.js';

/**
 * Many posts in order, each exactly once, several on their way. They travel on one `Timeline` stream, which a master reads in order.
 *
 * Why the order holds over any failover: every stream begins with the first post whose outcome is open and sends all after it, without a
 * hole. So whatever becomes of older streams — cut, late, read by a master that wakes up — each master meets a post for the first time
 * only after the one before it; the ids make every later meeting harmless (C1, M15). A refusal that may pass must not let the posts
 * behind it overtake: the master ends the stream with it, and everything is sent again from there.
 */
export class Pipeline implements AsyncIterable<PostOutcome> {
  readonly #context: Context;
  readonly #user: string;
  readonly #options: PostsOptions;
  readonly #timeoutMs: number;
  readonly #window: Window;
  readonly #source: Source;
  readonly #link: PostsLink;
  #stopClose: Cancel = () => {};
  #stopPatience: Cancel | undefined;
  #patientSinceMs = 0;
  #postingAlone = false;
  #over = false;

  constructor(
    context: Context,
    user: string,
    drafts: AsyncIterable<PostDraft> | Iterable<PostDraft>,
    options: PostsOptions & { readonly inFlight: number },
  ) {
    this.#context = context;
    this.#user = user;
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? context.timeoutMs;
    this.#window = new Window(options.inFlight);
    this.#source = new Source(drafts);
    this.#link = new PostsLink(context, user, {
      onOpen: () => this.#sendAll(),
      onResult: (result) => this.#take(result),
      onNoStream: () => {
        this.#postAlone().catch((error) => this.#finish(error));
      },
      onFailed: (error) => this.#fail(error),
    });
  }

  [Symbol.asyncIterator](): AsyncIterator<PostOutcome> {
    this.#start();
    return {
      next: async () => {
        const outcome = await this.#window.next();
        return outcome === undefined ? { done: true, value: undefined } : { done: false, value: outcome };
      },
      return: async () => {
        this.#finish(undefined);
        return { done: true, value: undefined };
      },
    };
  }

  #start(): void {
    const { lifetime } = this.#context;
    const { signal } = this.#options;
    if (lifetime.closed) {
      this.#finish(new Closed());
      return;
    }
    if (signal?.aborted) {
      this.#finish(signal.reason);
      return;
    }
    this.#stopClose = lifetime.onClose((why) => this.#finish(why));
    signal?.addEventListener('abort', this.#abort);
    this.#link.start();
    // A source that fails ends the posts as one that has no more, but for its error.
    this.#fill().catch((error) => this.#window.close(error));
  }

  async #fill(): Promise<void> {
    const { clock, random } = this.#context;
    for (;;) {
      await this.#window.room();
      const draft = await this.#source.next();
      if (this.#over) return;
      if (draft === undefined) return this.#window.close();
      const { text, postId = random.uuidv7(clock.wallMs()) } =
        typeof draft === 'string' ? { text: draft } : draft;
      const pending = this.#window.add(postId, text);
      const fault = faultOfText(text);
      if (fault !== undefined) this.#window.settle(pending, { kind: 'refused', postId, text, error: fault });
      else if (this.#link.streaming) this.#send(pending);
      this.#watch();
    }
  }

  #sendAll(): void {
    for (const pending of this.#window.open()) this.#send(pending);
  }

  #send(pending: Pending): void {
    pending.sends++;
    this.#link.send(pending);
  }

  #take({ postId, result, copies }: PostResult): void {
    const pending = this.#window.find(postId);
    // An answer that came twice, or to a post of an earlier stream, is no news.
    if (pending === undefined || result === undefined) return;
    if (result.$case === 'post') {
      this.#window.settle(pending, { kind: 'posted', post: postOf(result.value), copies });
      this.#watch(true);
      return;
    }
    const { code, reason, message } = result.value;
    const { next, mayBeDone, settles } = judge({ kind: 'refused', code, reason, retryAfterMs: undefined });
    const error = new Refused(message, { reason, code });
    // Those behind it may be posted already: trying this one again would put it after them.
    if (mayBeDone || (pending.sends > 1 && !settles)) {
      this.#fail(error);
      return;
    }
    if (next === 'again') {
      this.#link.restart(reason);
      return;
    }
    this.#window.settle(pending, { kind: 'refused', postId, text: pending.text, error });
    this.#watch(true);
  }

  /** No stream is to be had: one at a time, in order, until there is. */
  async #postAlone(): Promise<void> {
    if (this.#postingAlone) return;
    this.#postingAlone = true;
    for (const pending of this.#window.open()) {
      if (this.#over || this.#link.streaming) break;
      pending.sends++;
      const { postId, text } = pending;
      try {
        const posted = await postUnary(this.#context, this.#user, text, {
          postId,
          timeoutMs: this.#timeoutMs,
        });
        this.#window.settle(pending, { kind: 'posted', ...posted });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.#window.settle(pending, { kind: 'refused', postId, text, error });
      }
      this.#watch(true);
    }
    this.#postingAlone = false;
  }

  /** C5: the next outcome is waited for as long as any call; `progress` begins the wait anew. */
  #watch(progress = false): void {
    if (progress || this.#window.idle) {
      this.#stopPatience?.();
      this.#stopPatience = undefined;
    }
    if (this.#over || this.#window.idle || this.#stopPatience !== undefined) return;
    const { clock } = this.#context;
    this.#patientSinceMs = clock.nowMs();
    this.#stopPatience = clock.after(this.#timeoutMs, () => this.#fail(undefined));
  }

  /** C4: with a post on its way, what became of it is not known. */
  #fail(cause: unknown): void {
    const waitedMs = this.#context.clock.nowMs() - this.#patientSinceMs;
    const facts = { waitedFor: this.#link.waitsFor, waitedMs };
    const [first] = this.#window.open();
    const mayBeDone = first !== undefined && first.sends > 0;
    if (mayBeDone) this.#finish(new Unknown({ ...facts, id: first.postId }, { cause }));
    else this.#finish(cause ?? new Unreachable(facts));
  }

  readonly #abort = (): void => this.#finish(this.#options.signal?.reason);

  #finish(error: unknown): void {
    this.#over = true;
    this.#stopPatience?.();
    this.#link.end();
    this.#stopClose();
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#source.end();
    this.#window.fail(error);
  }
}
