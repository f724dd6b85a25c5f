import type { OpenOut } from '@everline/chassis';
import type { TimelineResponse } from '@everline/contracts';
import type { FrameCache } from '../timeline/frame-cache.js';
import { caughtUpFrame, type Link, movedFrame } from '../timeline/frames.js';
import type { Sink } from '../timeline/reader.js';

/** everline.sns.v1: frames of encoded entries. A class, for each of thousands of readers has one: its functions are there once. */
export class TimelineSink implements Sink {
  readonly #out: OpenOut<TimelineResponse>;

  constructor(out: OpenOut<TimelineResponse>) {
    this.#out = out;
  }

  get pending(): number {
    return this.#out.pending;
  }

  entries(links: readonly Link[], cache: FrameCache): boolean {
    return this.#out.write(cache.entries(links));
  }

  caughtUp(cursor: string): boolean {
    return this.#out.write(caughtUpFrame(cursor));
  }

  heartbeat(frame: Uint8Array): boolean {
    return this.#out.write(frame);
  }

  moved({ address, epoch }: { readonly address: string; readonly epoch: number }): void {
    this.#out.write(movedFrame({ address, epoch: BigInt(epoch) }));
  }

  ready(): Promise<void> {
    return this.#out.ready();
  }

  fail(error: unknown): void {
    this.#out.fail(error);
  }
}
