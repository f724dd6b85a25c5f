/** The guardian's side of the pair: waits for the keeper to die, and never takes its place while it lives. */
import type { Clock } from '@everline/chassis/clock';
import {
  type ControlLink,
  type Identity,
  identify,
  lives,
  signal,
  watchControl,
} from '@everline/chassis/control';
import type { Events } from '../events.js';
import { hearAnswer, tick, watchFrom } from '../policy/hang.js';
import { fingerprint, type Home, type Settings } from '../settings.js';
import type { StopWish } from '../stop-wish.js';

export interface GuardOptions {
  readonly settings: Settings;
  readonly home: Home;
  readonly instance: string;
  readonly foreground: boolean;
  readonly clock: Clock;
  readonly events: Events;
  readonly wish: StopWish;
}

/** `keeper-gone`: the one we guarded died. `nobody`: its place is free, or soon will be. `leave`: nothing is left to guard for us. */
export type GuardEnd =
  | { readonly kind: 'keeper-gone' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'leave'; readonly code: number; readonly why: string };

/** Longer than a keeper may be silent before it is called hung: that is noticed by its pings. */
const requestDeadlineMs = 24 * 3_600_000;
/** sysexits' "try again later": another copy runs. */
const takenCode = 75;

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

function guard(link: ControlLink, options: GuardOptions): Promise<GuardEnd> {
  const { settings, clock, events, wish, instance, foreground } = options;
  return new Promise((resolve) => {
    let ended: GuardEnd | undefined;
    let hang = watchFrom(clock.nowMs());
    const stopTicking = clock.every(settings.hang.pingMs, () => {
      const { state, verdict } = tick(hang, clock.nowMs(), settings.hang);
      hang = state;
      // W10: an answer may lie in our own socket unread; one turn of the loop later it has been heard.
      if (verdict === 'hung')
        clock.soon(() => {
          if (hang.missed >= settings.hang.missed && !link.closed)
            void removeFrozen(link.identity, events, clock);
        });
      link.ping();
    });

    link.on({
      onPong: () => {
        hang = hearAnswer(hang, clock.nowMs());
      },
      onEvent: (name, body) => {
        if (name === 'ended') ended = { kind: 'leave', code: Number(body.code), why: String(body.why) };
        if (name === 'dismissed') ended = { kind: 'leave', code: 0, why: 'another one stands guard' };
        // What was begun is carried on by whoever comes next.
        if (name === 'stopping') wish.raise(body.now === true ? 2 : 1);
        if (name === 'ready' && foreground) events.announce('ready', body);
      },
      onClosed: () => {
        stopTicking();
        resolve(ended ?? { kind: 'keeper-gone' });
      },
    });

    const ask = async (): Promise<void> => {
      try {
        const identity = identify(process.pid, instance);
        const offer = { identity, foreground, settings: fingerprint(settings) };
        await link.request('guard', offer, requestDeadlineMs);
        if (foreground) events.announce('guarding', { keeper: link.identity.pid });
        const passOn = (): void =>
          void link.request('stop', { now: wish.level() === 2 }, requestDeadlineMs).catch(() => undefined);
        wish.onRaise(passOn);
        if (wish.level() > 0) passOn();
      } catch (error) {
        if (link.closed) return;
        ended = {
          kind: 'leave',
          code: takenCode,
          why: error instanceof Error ? error.message : String(error),
        };
        link[Symbol.dispose]();
      }
    };
    void ask();
  });
}

/** W1: the very process that we were linked to, or that the card of the lock names. Its place is free when it is gone. */
async function removeFrozen(identity: Identity, events: Events, clock: Clock): Promise<void> {
  events.tell('keeper-hung', { pid: identity.pid, outcome: signal(identity, 'SIGKILL') });
  for (let tries = 0; tries < 100 && lives(identity); tries++) await clock.sleep(10);
}
