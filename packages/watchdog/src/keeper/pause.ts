import type { Clock } from '@everline/chassis/clock';

/** A wait that can be cut short. */
export interface Pause {
  for(ms: number): Promise<void>;
  cut(): void;
}

export function createPause(clock: Clock): Pause {
  let finish: () => void = () => undefined;
  return {
    for: (ms) =>
      new Promise((resolve) => {
        const cancel = clock.after(ms, resolve);
        finish = () => {
          cancel();
          resolve();
        };
      }),
    cut: () => finish(),
  };
}
