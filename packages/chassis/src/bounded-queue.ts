/** A queue that says no instead of growing. One or more takers wait; nothing is lost between push and take. */
export interface BoundedQueue<T> extends AsyncIterable<T> {
  /** False, and nothing kept, when the queue is full or closed. */
  push(item: T): boolean;
  /** The oldest item, as soon as there is one; undefined once the queue is closed and empty. Rejects with the signal's reason. */
  take(signal?: AbortSignal): Promise<T | undefined>;
  /** The oldest item if there is one. */
  poll(): T | undefined;
  /** Takes no more. What is in it can still be taken. Given an error, takers get it after the last item. */
  close(error?: Error): void;
  readonly size: number;
  readonly closed: boolean;
}

interface Taker<T> {
  give(item: T | undefined): void;
  fail(error: unknown): void;
}

/** @param bound the most items it holds, at least 1. */
export function createBoundedQueue<T>(bound: number): BoundedQueue<T> {
  if (!(bound >= 1)) throw new RangeError(`a queue's bound must be at least 1, not ${bound}`);
  const items: T[] = [];
  const takers = new Set<Taker<T>>();
  let ending: { readonly error: Error | undefined } | undefined;

  const wait = (signal: AbortSignal | undefined): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = (): void => settle(() => reject(signal?.reason));
      const settle = (how: () => void): void => {
        takers.delete(taker);
        signal?.removeEventListener('abort', abort);
        how();
      };
      const taker: Taker<T> = {
        give: (item) => settle(() => resolve(item)),
        fail: (error) => settle(() => reject(error)),
      };
      takers.add(taker);
      signal?.addEventListener('abort', abort, { once: true });
    });

  const queue: BoundedQueue<T> = {
    push: (item) => {
      if (ending !== undefined) return false;
      const [taker] = takers;
      if (taker !== undefined) taker.give(item);
      else if (items.length >= bound) return false;
      else items.push(item);
      return true;
    },
    take: async (signal) => {
      if (items.length > 0) return items.shift();
      if (ending?.error !== undefined) throw ending.error;
      return ending === undefined ? await wait(signal) : undefined;
    },
    poll: () => items.shift(),
    close: (error) => {
      ending ??= { error };
      for (const taker of takers) error === undefined ? taker.give(undefined) : taker.fail(error);
    },
    get size() {
      return items.length;
    },
    get closed() {
      return ending !== undefined;
    },
    [Symbol.asyncIterator]: () => iterate(queue),
  };
  return queue;
}

async function* iterate<T>(queue: BoundedQueue<T>): AsyncGenerator<T, void, undefined> {
  for (;;) {
    const item = await queue.take();
    if (item === undefined) return;
    yield item;
  }
}
