// One open timeline, as its client sees it.
import { failureOf, type Refusal, type RpcFailed } from '@everline/chassis';
import type { OpenTimeline, TimelineEntry, TimelineRequest, TimelineResponse } from '@everline/contracts';
import type { ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import { eventually } from '../cluster/eventually.js';
import type { LoneMaster } from './lone-master.js';

type Said = NonNullable<TimelineResponse['response']>;

export function opening(username: string, options: Partial<OpenTimeline> = {}): TimelineRequest {
  const asked = { username, after: '', recent: 0, includeOwn: false, sessionId: '' };
  const open = { ...asked, onlyPosts: false, ahead: false };
  return { request: { $case: 'open', value: { ...open, ...options } } };
}

export class OpenedTimeline implements Disposable {
  readonly said: Said[] = [];
  failure: Refusal | RpcFailed | undefined;
  readonly #stream: ClientDuplexStream<TimelineRequest, TimelineResponse>;

  constructor(master: LoneMaster, username: string, options: Partial<OpenTimeline> = {}) {
    this.#stream = master.sns.timeline();
    this.#stream.on('data', ({ response }: TimelineResponse) => {
      if (response !== undefined) this.said.push(response);
    });
    this.#stream.on('error', (error: ServiceError) => {
      this.failure = failureOf(error);
    });
    this.#stream.write(opening(username, options));
  }

  get entries(): TimelineEntry[] {
    return this.said.flatMap((one) => (one.$case === 'entries' ? one.value.entries : []));
  }

  get texts(): string[] {
    return this.entries.map(({ post }) => post?.text ?? '');
  }

  /** True when every entry names the one before it. */
  get unbroken(): boolean {
    const { entries } = this;
    return entries.every(({ prevSeq }, i) => i === 0 || prevSeq === entries[i - 1]?.post?.seq);
  }

  post(postId: string, text: string): void {
    this.#stream.write({ request: { $case: 'post', value: { postId, text } } });
  }

  write(request: TimelineRequest): void {
    this.#stream.write(request);
  }

  caughtUp(): Promise<void> {
    return eventually(() => this.said.some(({ $case }) => $case === 'caughtUp'), 'it has caught up');
  }

  shows(...texts: readonly string[]): Promise<void> {
    return eventually(
      () => this.texts.length === texts.length && this.texts.every((text, i) => text === texts[i]),
      `it shows ${texts.join(', ')}`,
    );
  }

  async failed(): Promise<Refusal | RpcFailed> {
    await eventually(() => this.failure !== undefined, 'it has ended');
    if (this.failure === undefined) throw new Error('it has not ended');
    return this.failure;
  }

  [Symbol.dispose](): void {
    this.#stream.on('error', () => undefined);
    this.#stream.cancel();
  }
}
