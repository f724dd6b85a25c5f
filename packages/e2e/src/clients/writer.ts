import { randomUUID } from 'node:crypto';
import type { PostRecord } from '@everline/history';
import type { WireError } from '../wire/wire-error.js';
import type { Compass } from './compass.js';
import { type Answer, Desk, type Detour } from './desk.js';
import { StreamDesk } from './stream-desk.js';

/** Unary calls, or the live timeline's own way up. */
export type Manner = 'command' | 'timeline';

/** One person who posts, one post after the other, and writes down what was answered. */
export class Writer {
  readonly name: string;
  readonly records: PostRecord[] = [];
  /** Why posts were refused for good. */
  readonly refusals: WireError[] = [];
  acknowledged = 0;
  private readonly desk: Desk;
  private readonly line: StreamDesk | undefined;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(compass: Compass, name: string, manner: Manner = 'command') {
    this.name = name;
    this.desk = new Desk(compass);
    this.line = manner === 'timeline' ? new StreamDesk(compass, name) : undefined;
  }

  /** Every try that was not the last one. */
  get detours(): readonly Detour[] {
    return this.line?.detours ?? this.desk.detours;
  }

  warm(addresses: readonly string[]): Promise<void> {
    return this.desk.warm(addresses);
  }

  close(): void {
    this.desk.close();
    this.line?.close();
  }

  async post(text: string, timeoutMs = 10_000): Promise<PostRecord> {
    const id = randomUUID();
    const begunMs = performance.now();
    const answer = await this.send(id, text, timeoutMs);
    const record = { id, author: this.name, text, begunMs, tries: answer.tries };
    const endedMs = performance.now();
    const made = { ...record, ...judged(answer, endedMs) };
    if (made.outcome === 'acknowledged') this.acknowledged += 1;
    if (answer.kind === 'refused' && answer.error !== undefined) this.refusals.push(answer.error);
    this.records.push(made);
    return made;
  }

  /** A closed loop, `everyMs` from one answer to the next post, until `stop` or `count` posts. */
  start({ everyMs, count = Number.POSITIVE_INFINITY }: { everyMs: number; count?: number }): void {
    this.running = this.loop(everyMs, count);
    // Whoever stops it, or waits for it, hears of what went wrong.
    this.running.catch(() => {});
  }

  /** Resolves when the last post has its answer. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  async finished(): Promise<void> {
    await this.running;
  }

  private send(postId: string, text: string, timeoutMs: number): Promise<Sent> {
    if (this.line !== undefined) return this.line.post(postId, text, timeoutMs);
    const request = { username: this.name, postId, text };
    return this.desk.ask('everline.sns.v1.SnsService/Post', request, timeoutMs);
  }

  private async loop(everyMs: number, count: number): Promise<void> {
    for (let number = 1; number <= count && !this.stopping.signal.aborted; number += 1) {
      await this.post(`${this.name} says ${number}`);
      if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}

type Sent = Answer<{ readonly post?: { readonly seq: number }; readonly copies: number }> & {
  readonly tries: number;
};

/** Refused at a later try, nobody knows what became of the first ones. */
function judged(
  answer: Sent,
  endedMs: number,
): Pick<PostRecord, 'endedMs' | 'outcome' | 'seq' | 'copies' | 'address'> {
  if (answer.kind === 'done')
    return {
      endedMs,
      outcome: 'acknowledged',
      seq: answer.value.post?.seq ?? 0,
      copies: answer.value.copies,
      address: answer.address,
    };
  if (answer.kind === 'refused' && answer.tries === 1) return { endedMs, outcome: 'refused' };
  return { endedMs: Number.POSITIVE_INFINITY, outcome: 'unknown' };
}
