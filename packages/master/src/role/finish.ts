/** How this life of the master ended, when it was not asked to: `renew`: its history was given up (R10), so it begins anew. */
export type Finished = 'renew';

/** Settled once; what comes later is a consequence of the first. */
export class Finish {
  readonly promise: Promise<Finished>;
  resolve: (finished: Finished) => void = () => undefined;
  reject: (error: unknown) => void = () => undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.promise.catch(() => undefined);
  }
}
