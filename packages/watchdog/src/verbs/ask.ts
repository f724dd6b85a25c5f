import type { Clock } from '@everline/chassis/clock';
import { lives, watchControl } from '@everline/chassis/control';
import type { ChildStatus, PairStatus } from '../keeper/status.js';
import { readState } from '../state-file.js';
import type { Named } from './names.js';

const answerDeadlineMs = 3_000;

/** The state of a name: from its living keeper, or, when none lives, from what the last one wrote down and the kernel confirms. */
export async function askStatus({ name, home }: Named, clock: Clock): Promise<PairStatus> {
  const watched = await watchControl({ dataDir: home.folder, clock });
  if (watched.kind === 'linked') {
    using link = watched.link;
    const answer: unknown = await link.request('status', {}, answerDeadlineMs);
    return answer as PairStatus;
  }
  const { child, history, lastDeath, ended } = readState(home.state, clock.nowMs());
  const alive = child !== undefined && lives(child.identity);
  const childStatus: ChildStatus = alive
    ? { state: 'running', pid: child.identity.pid, instance: child.identity.instance, facts: child.facts }
    : { state: 'down', ...(ended === undefined ? {} : { why: ended }) };
  return {
    name,
    keeper: watched.kind === 'silent' ? (watched.holder?.pid ?? null) : null,
    guardian: null,
    child: childStatus,
    restarts: history.restarts,
    held: history.held,
    lastDeath: lastDeath ?? null,
    command: [],
    output: home.output,
  };
}
