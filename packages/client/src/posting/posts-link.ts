import type { Clock } from '@everline/chassis/clock';
import type { NewPost, OpenTimeline, PostResult } from '@everline/contracts';
import type { Context } from '../context.js';
import { LiveLink } from '../live/live-link.js';

export interface PostsLinkUser {
  /** A stream is open: what has no outcome yet is to be sent on it. */
  readonly onOpen: () => void;
  readonly onResult: (result: PostResult) => void;
  /** No stream is to be had at present, because the master serves as many as it can. */
  readonly onNoStream: () => void;
  /** There will be none. */
  readonly onFailed: (error: unknown) => void;
}

const openingOf = (username: string): OpenTimeline => ({
  username,
  after: '',
  recent: -1,
  includeOwn: false,
  sessionId: '',
  onlyPosts: true,
  ahead: false,
});

/** The contract's bound is 256. */
const mostInMessage = 128;

/**
 * A `Timeline` stream to post on: nobody's posts are asked for. What is sent in one turn of the
 * event loop shares a message, and so do its answers: a message costs both sides, and the socket, many times what a post in it does.
 */
export class PostsLink {
  readonly #clock: Clock;
  readonly #user: PostsLinkUser;
  readonly #link: LiveLink;
  #waiting: NewPost[] = [];

  constructor(context: Context, username: string, user: PostsLinkUser) {
    this.#clock = context.clock;
    this.#user = user;
    // Whoever posts has a patience of its own: for an outcome, not for a stream.
    const forEver = Number.POSITIVE_INFINITY;
    this.#link = new LiveLink(
      context,
      {
        opening: () => openingOf(username),
        ahead: { ...openingOf(username), ahead: true },
        onOpen: () => {
          this.#waiting = [];
          user.onOpen();
          // Whoever waited through a failover does not wait for the turn to end.
          this.#write();
        },
        onMessage: ({ response }) => {
          if (response?.$case === 'results') this.#take(response.value.results);
          else if (response?.$case === 'posted') user.onResult(response.value);
        },
        onLost: (_place, why) => {
          if (why === 'TOO_MANY_STREAMS') user.onNoStream();
        },
        onFailed: user.onFailed,
      },
      { first: forEver, again: forEver },
    );
  }

  get streaming(): boolean {
    return this.#link.streaming;
  }

  /** In one phrase (C5). */
  get waitsFor(): string {
    return this.#link.waitsFor;
  }

  start(): void {
    this.#link.start();
  }

  /** In the order of the calls. Lost with the stream: what it is about is said again by `onOpen`. */
  send(post: NewPost): void {
    this.#waiting.push(post);
    if (this.#waiting.length === 1) this.#clock.soon(() => this.#write());
  }

  /** Gives this stream up and opens another after a pause. */
  restart(why: string): void {
    this.#link.restart(why);
  }

  end(): void {
    this.#link.end();
  }

  #write(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let from = 0; from < waiting.length; from += mostInMessage) {
      const posts = waiting.slice(from, from + mostInMessage);
      this.#link.write({ request: { $case: 'posts', value: { posts } } });
    }
  }

  #take(results: readonly PostResult[]): void {
    for (const result of results) {
      if (!this.#link.streaming) return;
      this.#user.onResult(result);
    }
  }
}
