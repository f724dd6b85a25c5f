import type { Clock } from '@everline/chassis/clock';
import { type Identity, lives, signal, watchControl } from '@everline/chassis/control';
import { ExitWith } from '@everline/chassis/lifecycle';
import { adoptChild } from '../child/adopt-child.js';
import { killChild, stopChild, sweepOrphans } from '../child/stop-child.js';
import { UsageError } from '../command-line.js';
import { type ChildRecord, readState } from '../state-file.js';
import { type Named, readVerbLine } from './names.js';
import type { Verb } from './verb.js';

const answerDeadlineMs = 3_000;
const lookAgainMs = 20;
/** For a child whose keeper is gone, and its own settings with it. */
const graceMs = 10_000;

/** Ends child and pair, whoever started them, in whatever state they are; returns when all of it is gone. Nothing that runs is no fault. */
export const stop: Verb = async (argv, { clock, defaultDataDir, stop: interrupted, print }) => {
  const { named, values } = readVerbLine(argv, defaultDataDir, {
    all: { type: 'boolean' },
    now: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const explicit = named.some(({ name }) => argv.includes(name));
  if (!explicit && values.all !== true)
    throw new UsageError('say which: everline-watchdog stop NAME…, or --all');
  const now = values.now === true;
  await Promise.all(
    named.map(async (one) => {
      const stopped = await stopOne(one, now, clock, interrupted);
      await print(
        values.json === true
          ? `${JSON.stringify({ name: one.name, stopped })}\n`
          : `${one.name}: ${stopped ? 'stopped' : 'was not running'}\n`,
      );
    }),
  );
};

async function stopOne(
  { name, home }: Named,
  now: boolean,
  clock: Clock,
  interrupted: AbortSignal,
): Promise<boolean> {
  let asked: Identity | undefined;
  for (;;) {
    const watched = await watchControl({ dataDir: home.folder, clock });
    // Its lock is let go of some milliseconds before the process itself has ended.
    if (watched.kind === 'free' && !(asked !== undefined && lives(asked))) break;
    if (watched.kind === 'unproved') throw new ExitWith(1, `${name} is kept by somebody else`);
    if (watched.kind === 'linked') {
      using link = watched.link;
      // A keeper that dies meanwhile leaves its promise to the guardian, or to the next round.
      if (asked?.pid !== link.identity.pid)
        await link.request('stop', { now }, answerDeadlineMs).catch(() => undefined);
      asked = link.identity;
    }
    // Frozen, and no guardian there to see it: nobody else will end it.
    if (watched.kind === 'silent' && watched.holder !== undefined) signal(watched.holder, 'SIGKILL');
    await clock.sleep(lookAgainMs, interrupted);
  }
  const { child } = readState(home.state, clock.nowMs());
  if (child === undefined || !lives(child.identity)) return asked !== undefined;
  await stopUnwatched(child, now, clock);
  return true;
}

/** Both watchdogs were killed: it runs on, and is ended by us. */
async function stopUnwatched(record: ChildRecord, now: boolean, clock: Clock): Promise<void> {
  const run = adoptChild(record.identity, record, clock);
  const gone = new Promise<void>((resolve) => run.onEnded(() => resolve()));
  const cancel = now ? () => undefined : stopChild(run, graceMs, clock, () => undefined);
  if (now) killChild(run);
  await gone;
  cancel();
  sweepOrphans(run);
}
