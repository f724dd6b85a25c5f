// Open timelines at the available master: what was missed, then what happens (C2).
import type { Line, LineEnd } from './line.js';
import type { Master } from './master.js';
import type { Cursor, FollowTimeline, TimelineMessage } from './messages.js';
import type { Post } from './state.js';

export class Timeline {
  readonly #master: Master;
  readonly #readers = new Set<Line>();

  constructor(master: Master) {
    this.#master = master;
  }

  /** Begins when this master is certain that it may read (M9). */
  accept(line: Line, { cursor }: FollowTimeline): LineEnd {
    this.#master.reign.read((answer) => {
      const { store } = this.#master;
      const refuse = (why: string): void => line.close(1, 'ended', why);
      if (answer.kind !== 'done') return refuse('NOT_AVAILABLE_MASTER');
      const fromSeq = cursor?.seq ?? store.state.appliedSeq;
      if (fromSeq > store.state.appliedSeq) return refuse('CURSOR_IN_FUTURE');
      const here = fromSeq === 0 ? 0 : store.journal.epochAt(fromSeq);
      if (cursor !== undefined && here !== undefined && here !== cursor.epoch)
        return refuse('CURSOR_DIVERGED');
      this.#readers.add(line);
      for (const post of store.state.after(fromSeq)) this.#send(line, { kind: 'post', post });
      this.#send(line, { kind: 'caught-up', cursor: this.#here() });
    });
    return { onMessage: () => {}, onClosed: () => this.#readers.delete(line) };
  }

  publish(post: Post): void {
    for (const line of this.#readers) this.#send(line, { kind: 'post', post });
  }

  beat(): void {
    for (const line of this.#readers) this.#send(line, { kind: 'heartbeat', cursor: this.#here() });
  }

  endAll(): void {
    for (const line of this.#readers) line.close(1, 'ended', 'moved');
    this.#readers.clear();
  }

  #here(): Cursor {
    const { appliedSeq: seq, appliedEpoch: epoch } = this.#master.store.state;
    return { seq, epoch };
  }

  #send(line: Line, message: TimelineMessage): void {
    line.send(1, message);
  }
}
