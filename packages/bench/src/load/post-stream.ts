import { isPosted } from '../wire/frames.js';
import type { FrameClient } from '../wire/sns.js';

/** Posts on one bare bidi stream; the answers come in the order of the posts. */
export class PostStream {
  readonly #stream;
  readonly #waiting: (() => void)[] = [];
  readonly #fail: ((error: unknown) => void)[] = [];

  constructor(client: FrameClient, username: string) {
    this.#stream = client.timeline();
    this.#stream.on('data', (frame: Buffer) => {
      if (isPosted(frame)) this.#waiting.shift()?.();
    });
    this.#stream.on('error', (error) => {
      for (const fail of this.#fail.splice(0)) fail(error);
    });
    this.#stream.write({
      request: {
        $case: 'open',
        value: {
          username,
          after: '',
          recent: -1,
          includeOwn: false,
          sessionId: '',
          onlyPosts: true,
          ahead: false,
        },
      },
    });
  }

  post(postId: string, text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve);
      if (this.#fail.length === 0) this.#fail.push(reject);
      this.#stream.write({ request: { $case: 'post', value: { postId, text } } });
    });
  }

  close(): void {
    this.#stream.cancel();
  }
}
