import type { Clock } from '@everline/chassis/clock';
import { type Client, connect, type TimelineEvent } from '@everline/client';
import type { Speaker } from './script.js';
import type { Tally } from './tally.js';

/** Short beside the pause that is to be seen, long beside what a post costs. */
const chatterEveryMs = 5;
const chatterMark = '(chatter)';

/** One of the two: posts, and reads a live timeline. */
export class Person implements AsyncDisposable {
  readonly name: Speaker;
  /** Texts in the order in which the live timeline brought them. */
  readonly taken: string[] = [];
  /** Calls that failed, though none should. */
  readonly failures: unknown[] = [];
  private readonly client: Client;
  private readonly tally: Tally;
  private readonly clock: Clock;
  private readonly leaving = new AbortController();

  constructor(router: string, name: Speaker, tally: Tally, clock: Clock) {
    this.name = name;
    this.client = connect({ routers: [router], user: name });
    this.tally = tally;
    this.clock = clock;
  }

  async enter(): Promise<void> {
    await this.client.login();
  }

  async follow(other: Speaker): Promise<void> {
    await this.client.follow(other);
  }

  /** Resolves when it has left; rejects when the live timeline broke its promise. */
  async read(onEvent: (event: TimelineEvent, reader: Speaker) => void): Promise<void> {
    try {
      for await (const event of this.client.timeline({ recent: 0, signal: this.leaving.signal })) {
        if (event.kind === 'entry') this.taken.push(event.post.text);
        onEvent(event, this.name);
      }
    } catch (error) {
      if (!this.leaving.signal.aborted) throw error;
    }
  }

  async say(text: string): Promise<void> {
    try {
      await this.client.post(text);
      this.tally.acknowledged(text, this.name, this.clock.nowMs());
    } catch (error) {
      this.failures.push(error);
    }
  }

  /** Posts small things one after the other, until `stop`; resolves when the last one is acknowledged. */
  async chatter(stop: AbortSignal): Promise<void> {
    for (let number = 1; !stop.aborted; number += 1) {
      await this.say(`${chatterMark} ${number} of ${this.name}`);
      await this.clock.sleep(chatterEveryMs, stop).catch(() => {});
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.leaving.abort();
    await this.client.close();
  }
}

export function isChatter(text: string): boolean {
  return text.startsWith(chatterMark);
}

/** Everything the name has on its timeline, its own posts included, as somebody reads it who was not there. */
export async function readAnew(router: string, name: Speaker): Promise<readonly string[]> {
  await using client = connect({ routers: [router], user: name });
  const texts: string[] = [];
  let before: string | undefined;
  do {
    const page = await client.readTimeline({
      limit: 1_000,
      includeOwn: true,
      ...(before !== undefined && { before }),
    });
    texts.push(...page.entries.map(({ post }) => post.text));
    before = page.nextBefore;
  } while (before !== undefined);
  return texts;
}
