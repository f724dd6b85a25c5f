import { isUnfinished, rotateOutput, type Writer } from '../child/rotate-output.js';
import type { KeeperContext } from './context.js';
import type { Phase } from './phase.js';

const lookEveryMs = 1_000;

export interface Rotation {
  /** Once the child has ended: what was begun is finished, so that no line is left in two files. */
  end(): Promise<void>;
}

/** W7: sees to it that the output stays within its bounds. */
export function rotateRegularly(
  { settings, home, clock, events }: Pick<KeeperContext, 'settings' | 'home' | 'clock' | 'events'>,
  phase: () => Phase,
): Rotation {
  let rotating: Promise<void> | undefined;
  let told = false;

  function writer(): Writer {
    const now = phase();
    if (now.kind === 'waiting') return 'nobody';
    if (now.kind !== 'running') return 'unreachable';
    return settings.childDataDir === undefined ? 'plain program' : (now.child.link ?? 'unreachable');
  }

  async function rotate(by: () => Writer): Promise<void> {
    try {
      if (await rotateOutput(home.output, settings.log, by))
        events.tell('output-rotated', { file: home.output });
      told = false;
    } catch (error) {
      // Tried again at the next look; said once.
      if (!told)
        events.tell('output-not-rotated', { why: error instanceof Error ? error.message : String(error) });
      told = true;
    }
  }

  const stop = clock.every(lookEveryMs, () => {
    rotating ??= rotate(writer).finally(() => {
      rotating = undefined;
    });
  });
  return {
    end: async () => {
      stop();
      await rotating;
      if (isUnfinished(home.output)) await rotate(() => 'nobody');
    },
  };
}
