/** A child with a control socket: `speaker.js DATA_DIR [flag…]`. */
import { writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { systemClock as clock } from '@everline/chassis/clock';
import { type Control, openControl } from '@everline/chassis/control';
import { ExitWith } from '@everline/chassis/lifecycle';
import { systemRandom } from '@everline/chassis/random';

const [dataDir = '', ...flags] = process.argv.slice(2);
const value = (flag: string): string | undefined =>
  flags.includes(flag) ? flags[flags.indexOf(flag) + 1] : undefined;
const say = (line: string): number => writeSync(2, `${line}\n`);

function port(listenOn: number): Promise<void> {
  return new Promise((resolve) => createServer().listen(listenOn, '127.0.0.1', resolve));
}

async function open(): Promise<Control> {
  const instance = systemRandom.uuid();
  const master = value('--master');
  const facts = master === undefined ? {} : { masterId: master, incarnation: instance };
  try {
    return await openControl({ dataDir, kind: 'speaker', identity: { instance, ...facts }, clock });
  } catch (error) {
    if (!(error instanceof ExitWith)) throw error;
    say(error.message);
    process.exit(error.code);
  }
}

if (flags.includes('--mute')) setInterval(() => undefined, 1_000);
else {
  // Before the lock, as a careless program does: a second copy fails here.
  if (value('--listen') !== undefined) await port(Number(value('--listen')));
  // Slow to begin, and slow afterwards, too.
  if (value('--open-after') !== undefined) await clock.sleep(Number(value('--open-after')));
  const control = await open();
  if (value('--busy') !== undefined) block(Number(value('--busy')));
  if (flags.includes('--deaf')) process.on('SIGTERM', () => say('SIGTERM is not heard'));
  else
    process.on('SIGTERM', () => {
      say('ends on request');
      process.exit(0);
    });
  if (value('--exit') !== undefined)
    setTimeout(() => process.exit(Number(value('--exit'))), Number(value('--exit-after') ?? 0));
  // Lets go of its lock and lives on, as a process does that takes long to end.
  process.on('SIGUSR1', () => void control[Symbol.asyncDispose]());
  if (flags.includes('--block')) process.on('SIGUSR2', () => block());
  setInterval(() => undefined, 1_000);
  if (!flags.includes('--never-ready')) control.ready({ listens: true });
  say(`runs as ${process.pid}`);
  if (flags.includes('--chat')) chat();
}

/** A main loop that is busy; for ever, if it does not say for how long. */
function block(forMs = Number.POSITIVE_INFINITY): void {
  const untilMs = clock.nowMs() + forMs;
  while (clock.nowMs() < untilMs);
}

/** Numbered lines of changing length, as fast as a log goes. */
function chat(): void {
  let line = 0;
  setInterval(() => {
    for (let i = 0; i < 20; i++) {
      line++;
      say(`line ${line} ${'x'.repeat(line % 80)} end`);
    }
  }, 1);
}
