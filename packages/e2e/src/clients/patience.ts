/**
 * A time that ends by itself, or earlier with one of the others. Not `AbortSignal.timeout` within `AbortSignal.any`: Node 20 may collect it
 * as garbage while somebody waits for it, and then it never ends.
 */
export class Patience implements Disposable {
  private readonly over = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly others: readonly AbortSignal[];
  private readonly end = (): void => this.over.abort();

  constructor(ms: number, ...others: readonly AbortSignal[]) {
    this.timer = setTimeout(this.end, ms);
    this.others = others;
    for (const other of others) {
      if (other.aborted) this.end();
      else other.addEventListener('abort', this.end, { once: true });
    }
  }

  get signal(): AbortSignal {
    return this.over.signal;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.timer);
    for (const other of this.others) other.removeEventListener('abort', this.end);
  }
}
