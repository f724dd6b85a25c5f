import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { refusal } from '../../src/errors.js';
import type { Answer, Reign, Waiter } from '../../src/sns/role.js';
import { StreamedPosts } from '../../src/sns/streamed-posts.js';
import type { Draft } from '../../src/state/draft.js';

/** A stream whose commands are answered by hand, in any order. */
class Stream {
  readonly proposed: string[] = [];
  readonly frames: Uint8Array[] = [];
  readonly waiters: Waiter[] = [];
  failure: unknown;
  readonly posts: StreamedPosts;

  constructor() {
    const proposeFor = (draft: Draft, waiter: Waiter): void => {
      this.proposed.push(draft.kind === 'post' ? draft.text : '');
      this.waiters.push(waiter);
    };
    const reign = { proposeFor } as Partial<Reign> as Reign;
    const out = {
      pending: 0,
      ended: false,
      write: (frame: unknown) => this.frames.push(frame as Uint8Array) > 0,
      ready: async () => undefined,
      end: () => undefined,
      fail: (error: unknown) => {
        this.failure = error;
      },
    };
    const intake = { pause: () => undefined, resume: () => undefined };
    this.posts = new StreamedPosts({ username: 'ada', reign, out, intake });
  }

  take(...texts: readonly string[]): void {
    this.posts.takeAll(texts.map((text) => ({ postId: randomUUID(), text })));
  }

  /** Whatever was answered has been told. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const posted: Answer = { outcome: { kind: 'post', post: new Uint8Array(0) }, copies: 1 };

describe('posts on a stream', () => {
  test('what one commit settles is one message, and none overtakes the one before it', async () => {
    const stream = new Stream();
    stream.take('a', 'b', 'c', 'd');
    for (const at of [1, 2, 3]) stream.waiters[at]?.answered(posted);
    await stream.settled();
    expect(stream.frames).toHaveLength(0);
    stream.waiters[0]?.answered(posted);
    await stream.settled();
    expect(stream.frames).toHaveLength(1);
  });

  test('when one may be taken later, none after it is taken, also while one before it is under way', async () => {
    const stream = new Stream();
    stream.take('a', 'b');
    stream.waiters[1]?.failed(refusal('QUEUE_FULL'));
    await stream.settled();
    stream.take('c');
    expect(stream.proposed).toEqual(['a', 'b']);
    stream.waiters[0]?.answered(posted);
    await stream.settled();
    expect(stream.frames).toHaveLength(1);
    expect(stream.failure).toMatchObject({ reason: 'QUEUE_FULL' });
  });
});
