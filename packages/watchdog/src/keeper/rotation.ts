import type { Cancel } from '@everline/chassis/clock';
import { rotateOutput, type Writer } from '../child/rotate-output.js';
import type { KeeperContext } from './context.js';
import type { Phase } from './phase.js';

const lookEveryMs = 1_000;

/** W7: sees to it that the output stays within its bounds. */
export function rotateRegularly(
  { settings, home, clock, events }: KeeperContext,
  phase: () => Phase,
): Cancel {
  let busy = false;
  let told = false;

  function writer(): Writer {
    const now = phase();
    if (now.kind === 'waiting') return 'nobody';
    if (now.kind !== 'running') return 'unreachable';
    return settings.childDataDir === undefined ? 'plain program' : (now.child.link ?? 'unreachable');
  }

  async function rotate(): Promise<void> {
    busy = true;
    try {
      if (await rotateOutput(home.output, settings.log, writer))
        events.tell('output-rotated', { file: home.output });
      told = false;
    } catch (error) {
      // Tried again at the next look; said once.
      if (!told)
        events.tell('output-not-rotated', { why: error instanceof Error ? error.message : String(error) });
      told = true;
    } finally {
      busy = false;
    }
  }

  return clock.every(lookEveryMs, () => {
    if (!busy) void rotate();
  });
}
