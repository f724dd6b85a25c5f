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

  /**
   * Resolves when the live timeline has caught up: what is posted from then on must come. `onBroken` hears of it when the
   * timeline breaks its promise.
   */
  read(
    onEvent: (event: TimelineEvent, reader: Speaker) => void,
    onBroken: (error: unknown) => void,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      this.take(onEvent, resolve).catch((error: unknown) => {
        reject(error);
        if (!this.leaving.signal.aborted) onBroken(error);
      });
    });
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

  private async take(
    onEvent: (event: TimelineEvent, reader: Speaker) => void,
    onCaughtUp: () => void,
  ): Promise<void> {
    for await (const event of this.client.timeline({ recent: 0, signal: this.leaving.signal })) {
      if (event.kind === 'entry') this.taken.push(event.post.text);
      if (event.kind === 'caught-up') onCaughtUp();
      onEvent(event, this.name);
    }
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
