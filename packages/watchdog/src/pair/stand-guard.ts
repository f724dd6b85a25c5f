/** The guardian's side of the pair: waits for the keeper to die, and never takes its place while it lives. */
import { watchControl } from '@everline/chassis/control';
import { type GuardEnd, type GuardOptions, guard, takenCode } from './guard.js';
import { removeFrozen } from './remove-frozen.js';

export async function standGuard(options: GuardOptions): Promise<GuardEnd> {
  const { settings, home, clock, events } = options;
  const patienceMs = settings.hang.pingMs * settings.hang.missed;
  const watched = await watchControl({ dataDir: home.folder, clock, deadlineMs: patienceMs });
  switch (watched.kind) {
    case 'linked':
      return guard(watched.link, options);
    case 'free':
    case 'closed':
      return { kind: 'nobody' };
    case 'silent':
      if (watched.holder === undefined)
        return refused('a process that does not answer, and that nothing is known of');
      await removeFrozen(watched.holder, events, clock);
      return { kind: 'nobody' };
    case 'unproved':
      return refused('a process of somebody else, or of another release');
  }
  function refused(by: string): GuardEnd {
    return { kind: 'leave', code: takenCode, why: `${settings.name} is kept by ${by} (${home.folder})` };
  }
}
