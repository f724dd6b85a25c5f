/** `holder.js DATA_DIR [abstract|path]`: opens a control socket, says `open` and its pid, or the refusal. */
import { writeSync } from 'node:fs';
import { systemClock as clock } from '../../../src/clock.js';
import type { ControlAddress } from '../../../src/control/index.js';
import { openControl } from '../../../src/control/index.js';
import { ExitWith } from '../../../src/exit-with.js';

const [dataDir = '', addressKind = 'abstract'] = process.argv.slice(2);
const say = (text: string): number => writeSync(1, `${text}\n`);

try {
  const control = await openControl({
    dataDir,
    kind: 'holder',
    identity: { instance: `instance of ${process.pid}`, masterId: 'm-1' },
    clock,
    addressKind: addressKind as ControlAddress['kind'],
  });
  control.ready();
  process.on('SIGUSR1', () => void control[Symbol.asyncDispose]());
  process.on('SIGTERM', () => {
    say('SIGTERM');
    process.exit(0);
  });
  setInterval(() => undefined, 1_000);
  say(`open ${process.pid}`);
} catch (error) {
  if (!(error instanceof ExitWith)) throw error;
  say(error.message);
  process.exit(error.code);
}
