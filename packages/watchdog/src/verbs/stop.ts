import type { Clock } from '@everline/chassis/clock';
import { type ControlLink, type Identity, lives, signal, watchControl } from '@everline/chassis/control';
import { ExitWith } from '@everline/chassis/lifecycle';
import { adoptChild } from '../child/adopt-child.js';
import { killChild, stopChild, sweepOrphans } from '../child/stop-child.js';
import { UsageError } from '../command-line.js';
import { type ChildRecord, readState } from '../state-file.js';
import { type Named, readVerbLine } from './names.js';
import { successorIn } from './successor.js';
import type { Verb, VerbContext } from './verb.js';

/** A keeper that lives answers by then, on a busy machine, too. */
const answerDeadlineMs = 3_000;
/** And a guardian that lives has taken its keeper's place. One that is frozen would do so when it is woken. */
const successionMs = 3_000;
const lookAgainMs = 20;
/** For a child whose keeper is gone, and its own settings with it. */
const graceMs = 10_000;

/** Ends child and pair, whoever started them, in whatever state they are; returns when all of it is gone. Nothing that runs is no fault. */
export const stop: Verb = async (argv, context) => {
  const { defaultDataDir, print } = context;
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
      const stopped = await stopOne(one, now, context);
      await print(
        values.json === true
          ? `${JSON.stringify({ name: one.name, stopped })}\n`
          : `${one.name}: ${stopped ? 'stopped' : 'was not running'}\n`,
      );
    }),
  );
};

async function stopOne({ name, home }: Named, now: boolean, { clock, stop }: VerbContext): Promise<boolean> {
  let promised: Identity | undefined;
  let freeSinceMs: number | undefined;
  for (;;) {
    const watched = await watchControl({ dataDir: home.folder, clock, deadlineMs: answerDeadlineMs });
    if (watched.kind === 'unproved') throw new ExitWith(1, `${name} is kept by somebody else`);
    if (watched.kind === 'free') {
      freeSinceMs ??= clock.nowMs();
      const successor = successorIn(home, clock);
      // The lock is let go of some milliseconds before its holder has ended, and before a guardian takes it.
      if (successor === undefined && !(promised !== undefined && lives(promised))) break;
      if (successor !== undefined && clock.nowMs() - freeSinceMs > successionMs) signal(successor, 'SIGKILL');
    } else {
      freeSinceMs = undefined;
    }
    if (watched.kind === 'linked') {
      using link = watched.link;
      // A keeper that dies meanwhile leaves its promise to the guardian, or to the next round.
      if (promised?.pid !== link.identity.pid && (await promises(link, now))) promised = link.identity;
    }
    // Frozen, and no guardian there to see it: nobody else will end it.
    if (watched.kind === 'silent' && watched.holder !== undefined) signal(watched.holder, 'SIGKILL');
    await clock.sleep(lookAgainMs, stop);
  }
  const { child } = readState(home.state, clock.nowMs());
  if (child === undefined || !lives(child.identity)) return promised !== undefined;
  await stopUnwatched(child, now, clock);
  return true;
}

async function promises(link: ControlLink, now: boolean): Promise<boolean> {
  return link.request('stop', { now }, answerDeadlineMs).then(
    () => true,
    () => false,
  );
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
