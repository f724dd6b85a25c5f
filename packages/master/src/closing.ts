/** What has been opened, to be closed in reverse order, each whatever became of the others. */
export class Closing implements AsyncDisposable {
  readonly #steps: (() => unknown)[] = [];

  add<T extends AsyncDisposable>(resource: T): T {
    this.#steps.push(() => resource[Symbol.asyncDispose]());
    return resource;
  }

  /** @throws the first error, when all have been closed */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (const step of this.#steps.splice(0).toReversed()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
