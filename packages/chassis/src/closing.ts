/** What has been opened, to be closed in reverse, each whatever became of the others. */
export class Closing implements AsyncDisposable {
  private readonly steps: Array<() => unknown> = [];

  add<T extends AsyncDisposable>(resource: T): T {
    this.steps.push(() => resource[Symbol.asyncDispose]());
    return resource;
  }

  defer(step: () => unknown): void {
    this.steps.push(step);
  }

  /** @throws the first error, when all have been closed */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (const step of this.steps.splice(0).toReversed()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
