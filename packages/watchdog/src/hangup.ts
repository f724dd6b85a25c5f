import { readFileSync } from 'node:fs';

/** Started with nohup: a terminal that closes is then nothing to us. A handler of ours would undo it. */
export function ignoresHangup(): boolean {
  try {
    const [, mask] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
    return mask !== undefined && (BigInt(`0x${mask}`) & 1n) === 1n;
  } catch {
    // No /proc: taken as if it had been asked for, so that no child dies of a closed window.
    return true;
  }
}
