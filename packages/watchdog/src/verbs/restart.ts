import type { Clock } from '@everline/chassis/clock';
import { type ControlLink, watchControl } from '@everline/chassis/control';
import { ExitWith } from '@everline/chassis/lifecycle';
import type { PairStatus } from '../keeper/status.js';
import { readState } from '../state-file.js';
import { exactlyOne, type Named, readVerbLine } from './names.js';
import { successorIn } from './successor.js';
import type { Verb } from './verb.js';

const answerDeadlineMs = 3_000;
const lookAgainMs = 50;
/** A guardian that lives has taken its keeper's place by then; that of a frozen one, too, which is given three seconds by default. */
const successionMs = 10_000;

/** Who was asked, and which child it then had. */
interface Asked {
  readonly keeper: number;
  readonly child: number | undefined;
}

/** Returns when the child is ready again. */
export const restart: Verb = async (argv, { clock, defaultDataDir, stop, print }) => {
  const line = readVerbLine(argv, defaultDataDir, { json: { type: 'boolean' } });
  const one = exactlyOne(argv, line, 'restart');
  let asked: Asked | undefined;
  let unkeptSinceMs: number | undefined;
  for (;;) {
    const watched = await watchControl({ dataDir: one.home.folder, clock, deadlineMs: answerDeadlineMs });
    if (watched.kind === 'linked') {
      unkeptSinceMs = undefined;
      using link = watched.link;
      const now = await statusOf(link);
      if (asked !== undefined && now?.child.state === 'ready' && now.child.pid !== asked.child) {
        const { pid } = now.child;
        await print(
          line.values.json === true ? `${JSON.stringify(now)}\n` : `${one.name}: ready, pid ${pid}\n`,
        );
        return;
      }
      if (now !== undefined && wants(now, asked, link) && (await asks(link)))
        asked = { keeper: link.identity.pid, child: now.child.pid };
    } else {
      unkeptSinceMs ??= clock.nowMs();
      // It is ending, or its guardian is on its way.
      const comes = watched.kind === 'closed' || successorIn(one.home, clock) !== undefined;
      if (!comes || clock.nowMs() - unkeptSinceMs > successionMs) throw nobody(one, asked, clock);
    }
    await clock.sleep(lookAgainMs, stop);
  }
};

/** Each keeper is asked once: the guardian of one that died before it had done it is the next. Who has not found its child yet would restart nothing. */
function wants({ child }: PairStatus, asked: Asked | undefined, { identity }: ControlLink): boolean {
  if (child.state === 'looking') return false;
  return asked === undefined || (asked.keeper !== identity.pid && child.pid === asked.child);
}

/** Undefined when it died before it answered. */
function statusOf(link: ControlLink): Promise<PairStatus | undefined> {
  const answer: Promise<unknown> = link.request('status', {}, answerDeadlineMs);
  return answer.then((status) => status as PairStatus).catch(() => undefined);
}

function asks(link: ControlLink): Promise<boolean> {
  return link.request('restart', {}, answerDeadlineMs).then(
    () => true,
    () => false,
  );
}

function nobody({ name, home }: Named, asked: Asked | undefined, clock: Clock): ExitWith {
  if (asked === undefined) return new ExitWith(1, `no watchdog keeps ${name}: start one`);
  const { ended } = readState(home.state, clock.nowMs());
  return new ExitWith(1, `${name} could not be started: ${ended ?? 'its watchdogs ended'}`);
}
