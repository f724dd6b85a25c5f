import type { Client } from '../../src/client.js';
import type { Timeline, TimelineEvent, TimelineOptions } from '../../src/timeline/event.js';
import { eventually } from './eventually.js';

/** Takes all events of a timeline in the background. */
export class TimelineReader {
  readonly events: TimelineEvent[] = [];
  readonly timeline: Timeline;
  error: unknown;
  ended = false;
  readonly #stop = new AbortController();

  constructor(client: Client, options: TimelineOptions = {}) {
    this.timeline = client.timeline({ signal: this.#stop.signal, ...options });
    this.#read().then(
      () => {
        this.ended = true;
      },
      (error: unknown) => {
        this.error = error;
        this.ended = true;
      },
    );
  }

  get kinds(): string[] {
    return this.events.map(({ kind }) => kind).filter((kind) => kind !== 'entry');
  }

  get texts(): string[] {
    return this.events.flatMap((event) => (event.kind === 'entry' ? event.post.text : []));
  }

  async has(condition: (reader: TimelineReader) => boolean, what: string): Promise<void> {
    await eventually(() => this.ended || condition(this), what);
    if (!condition(this)) throw this.error;
  }

  stop(): void {
    this.#stop.abort(new Error('stopped'));
  }

  async #read(): Promise<void> {
    for await (const event of this.timeline) this.events.push(event);
  }
}
