import { DamagedStore } from './errors.js';

/** M13: the first error of writing or flushing, or the first damage found, wherever it was. It is final: nothing is written after it. */
export class Failure {
  readonly happened: Promise<Error>;
  #error: Error | undefined;
  #resolve: (error: Error) => void = () => undefined;

  constructor() {
    this.happened = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Undefined while all is well. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** What follows from the first one does not count. */
  report(error: Error): void {
    this.#error ??= error;
    this.#resolve(this.#error);
  }

  /** What `look` reads. Damage that it meets is reported before it is thrown. */
  watching<T>(look: () => T): T {
    try {
      return look();
    } catch (error) {
      if (error instanceof DamagedStore) this.report(error);
      throw error;
    }
  }
}
