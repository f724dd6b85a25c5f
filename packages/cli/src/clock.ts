export type Cancel = () => void;
export const systemClock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(ms: number, fn: () => void): Cancel {
    const t = setTimeout(fn, ms);
    return () => clearTimeout(t);
  },
  every(ms: number, fn: () => void): Cancel {
    const t = setInterval(fn, ms);
    return () => clearInterval(t);
  },
  sleep: (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const t = setTimeout(resolve, ms);
      signal?.addEventListener(
        'abort',
        () => {
          clearTimeout(t);
          reject(signal.reason);
        },
        { once: true },
      );
    }),
};
