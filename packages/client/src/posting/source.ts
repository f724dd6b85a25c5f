import type { PostDraft } from './outcome.js';

/** The caller's posts, one after another; `end` lets a source that waits for its next one go. */
export class Source {
  readonly #iterator: AsyncIterator<PostDraft> | Iterator<PostDraft>;
  #done = false;

  constructor(drafts: AsyncIterable<PostDraft> | Iterable<PostDraft>) {
    this.#iterator =
      Symbol.asyncIterator in drafts ? drafts[Symbol.asyncIterator]() : drafts[Symbol.iterator]();
  }

  /** Undefined: there are no more. */
  async next(): Promise<PostDraft | undefined> {
    const { done, value } = await this.#iterator.next();
    if (done === true) this.#done = true;
    return done === true ? undefined : value;
  }

  end(): void {
    if (this.#done) return;
    this.#done = true;
    // Not waited for: a generator that is reading returns only after that. What it throws then concerns nobody any more.
    Promise.resolve(this.#iterator.return?.()).catch(() => {});
  }
}
