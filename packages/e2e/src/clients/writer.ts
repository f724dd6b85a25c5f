import { randomUUID } from 'node:crypto';
import type { PostRecord } from '../history/record.js';
import type { Compass } from './compass.js';
import { Desk } from './desk.js';

/** One person who posts, one post after the other, and writes down what was answered. */
export class Writer {
  readonly name: string;
  readonly records: PostRecord[] = [];
  readonly desk: Desk;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(compass: Compass, name: string) {
    this.name = name;
    this.desk = new Desk(compass);
  }

  async post(text: string, timeoutMs = 10_000): Promise<PostRecord> {
    const id = randomUUID();
    const begunMs = performance.now();
    const request = { username: this.name, postId: id, text };
    const answer = await this.desk.ask('everline.sns.v1.SnsService/Post', request, timeoutMs);
    const record = { id, author: this.name, text, begunMs, tries: answer.tries };
    const made: PostRecord =
      answer.kind === 'done'
        ? {
            ...record,
            endedMs: performance.now(),
            outcome: 'acknowledged',
            seq: answer.value.post.seq,
            copies: answer.value.copies,
            address: answer.address,
          }
        : answer.kind === 'refused' && answer.tries === 1
          ? { ...record, endedMs: performance.now(), outcome: 'refused' }
          : { ...record, endedMs: Number.POSITIVE_INFINITY, outcome: 'unknown' };
    this.records.push(made);
    return made;
  }

  /** A closed loop, `everyMs` from one answer to the next post, until `stop` or `count` posts. */
  start({ everyMs, count = Number.POSITIVE_INFINITY }: { everyMs: number; count?: number }): void {
    this.running = this.loop(everyMs, count);
  }

  /** Resolves when the last post has its answer. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  async finished(): Promise<void> {
    await this.running;
  }

  private async loop(everyMs: number, count: number): Promise<void> {
    for (let number = 1; number <= count && !this.stopping.signal.aborted; number += 1) {
      await this.post(`${this.name} says ${number}`);
      if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}
