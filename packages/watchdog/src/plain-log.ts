import type { Clock } from '@everline/chassis/clock';
import type { Log } from '@everline/chassis/log';
import type { Voice } from './voice.js';

/** What the chassis says of this process (W11: without its logging library). Lines like all our others. */
export function createPlainLog(clock: Clock, say: Voice): Log & { setLevel(): void } {
  const at =
    (level: string) =>
    (fields: object, message: string): void => {
      const plain = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, plainly(value)]));
      say(
        JSON.stringify({
          time: Math.round(clock.wallMs()),
          event: message,
          level,
          watchdog: process.pid,
          ...plain,
        }),
      );
    };
  const log = { debug: () => undefined, info: () => undefined, warn: at('warn'), error: at('error') };
  return { ...log, child: () => createPlainLog(clock, say), setLevel: () => undefined };
}

function plainly(value: unknown): unknown {
  return value instanceof Error ? { message: value.message, stack: value.stack } : value;
}
