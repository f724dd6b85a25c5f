import { watchControl } from '@everline/chassis/control';
import { ExitWith } from '@everline/chassis/lifecycle';
import { askStatus } from './ask.js';
import { exactlyOne, readVerbLine } from './names.js';
import type { Verb } from './verb.js';

const answerDeadlineMs = 3_000;
const lookAgainMs = 50;

/** Returns when the child is ready again. */
export const restart: Verb = async (argv, { clock, defaultDataDir, stop, print }) => {
  const line = readVerbLine(argv, defaultDataDir, { json: { type: 'boolean' } });
  const one = exactlyOne(argv, line, 'restart');
  const before = await askStatus(one, clock);
  const watched = await watchControl({ dataDir: one.home.folder, clock });
  if (watched.kind !== 'linked') throw new ExitWith(1, `no watchdog keeps ${one.name}: start one`);
  {
    using link = watched.link;
    await link.request('restart', {}, answerDeadlineMs);
  }
  for (;;) {
    const now = await askStatus(one, clock);
    if (now.keeper === null)
      throw new ExitWith(1, `${one.name} could not be started: ${now.child.why ?? 'its watchdogs ended'}`);
    if (now.child.state === 'ready' && now.child.pid !== before.child.pid) {
      await print(
        line.values.json === true ? `${JSON.stringify(now)}\n` : `${one.name}: ready, pid ${now.child.pid}\n`,
      );
      return;
    }
    await clock.sleep(lookAgainMs, stop);
  }
};
