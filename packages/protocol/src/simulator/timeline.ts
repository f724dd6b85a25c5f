// Open timelines at the available master: what was missed, then what happens (C2).
import type { Line, LineEnd } from './line.js';
import type { Master } from './master.js';
import type { FollowTimeline, TimelineMessage } from './messages.js';
import type { Post } from './state.js';

export class Timeline {
  readonly #master: Master;
  /** Each with the place it has been sent up to. */
  readonly #readers = new Map<Line, number>();

  constructor(master: Master) {
    this.#master = master;
  }

  /** Begins when this master is certain that it may read (M9). */
  accept(line: Line, { cursor }: FollowTimeline): LineEnd {
    this.#master.reign.read((answer) => {
      const { store } = this.#master;
      const refuse = (why: string): void => line.close(1, 'ended', why);
      if (answer.kind !== 'done') return refuse('NOT_AVAILABLE_MASTER');
      const fromSeq = cursor?.seq ?? store.state.posts.at(-1)?.seq ?? 0;
      if (fromSeq > store.state.appliedSeq) return refuse('CURSOR_IN_FUTURE');
      const here = fromSeq === 0 ? 0 : store.journal.epochAt(fromSeq);
      if (cursor !== undefined && here !== undefined && here !== cursor.epoch)
        return refuse('CURSOR_DIVERGED');
      this.#readers.set(line, store.state.appliedSeq);
      for (const post of store.state.after(fromSeq)) this.#send(line, { kind: 'post', post });
      if (cursor === undefined) {
        const epoch = store.state.posts.at(-1)?.epoch ?? 0;
        this.#send(line, { kind: 'caught-up', cursor: { seq: fromSeq, epoch } });
      }
    });
    return { onMessage: () => {}, onClosed: () => this.#readers.delete(line) };
  }

  publish(post: Post): void {
    for (const line of this.#readers.keys()) this.#send(line, { kind: 'post', post });
  }

  beat(): void {
    for (const line of this.#readers.keys()) this.#send(line, { kind: 'heartbeat' });
  }

  endAll(): void {
    for (const line of this.#readers.keys()) line.close(1, 'ended', 'moved');
    this.#readers.clear();
  }

  #send(line: Line, message: TimelineMessage): void {
    line.send(1, message);
  }
}
