/** Something that happens later, unless it is called off. */
export interface Scheduled {
  readonly atMs: number;
  readonly nth: number;
  run: () => void;
}

const nothing = (): void => {};

export function callOff(scheduled: Scheduled): void {
  scheduled.run = nothing;
}

export function isCalledOff({ run }: Scheduled): boolean {
  return run === nothing;
}

/** Virtual time: a heap of what comes next. Of two at the same time the one that was planned first comes first. */
export class Schedule {
  nowMs = 0;
  steps = 0;
  readonly #heap: Scheduled[] = [];
  #count = 0;

  after(ms: number, run: () => void): Scheduled {
    const item: Scheduled = { atMs: this.nowMs + ms, nth: this.#count++, run };
    const heap = this.#heap;
    let i = heap.length;
    heap.push(item);
    while (i > 0) {
      const up = (i - 1) >> 1;
      const parent = heap[up] as Scheduled;
      if (earlier(parent, item)) break;
      heap[i] = parent;
      i = up;
    }
    heap[i] = item;
    return item;
  }

  /** Until then, or until `over` says so. */
  run(untilMs: number, over: () => boolean): void {
    while (this.#heap.length > 0 && !over()) {
      const first = this.#heap[0] as Scheduled;
      if (first.atMs > untilMs) break;
      this.#pop();
      this.nowMs = first.atMs;
      this.steps++;
      first.run();
    }
    if (!over()) this.nowMs = untilMs;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Scheduled;
    const { length } = heap;
    if (length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= length) break;
      if (child + 1 < length && earlier(heap[child + 1] as Scheduled, heap[child] as Scheduled)) child++;
      if (earlier(last, heap[child] as Scheduled)) break;
      heap[i] = heap[child] as Scheduled;
      i = child;
    }
    heap[i] = last;
  }
}

function earlier(a: Scheduled, b: Scheduled): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.nth < b.nth);
}
