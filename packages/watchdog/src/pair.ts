/**
 * One of the two equal processes that guard a child. Whoever holds the lock on the watchdog's own directory is the keeper (W2: there is one); the other stands guard, and tries
 * for the lock when it is gone.
 */
import type { Clock } from '@everline/chassis/clock';
import { type RequestHandler, tryOpenControl } from '@everline/chassis/control';
import type { Random } from '@everline/chassis/random';
import type { Events } from './events.js';
import type { KeepEnd } from './keeper/bury.js';
import { type Duty, type DutyRequests, takeUpDuty } from './keeper/duty.js';
import { standGuard } from './pair/stand-guard.js';
import type { CreateReporter } from './report/report.js';
import type { Home, Settings } from './settings.js';
import type { StopWish } from './stop-wish.js';

export interface PairOptions {
  readonly settings: Settings;
  readonly home: Home;
  /** What this process was started with; the guardian that it calls gets the same. */
  readonly argv: readonly string[];
  /** Somebody waits for this process to end. */
  readonly foreground: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: Events;
  readonly wish: StopWish;
  readonly createReporter: CreateReporter;
}

const againMs = 10;

export async function runPair(options: PairOptions): Promise<KeepEnd> {
  const { home, foreground, clock, random, events } = options;
  const instance = random.uuid();
  let duty: Duty | undefined;
  let guardedBefore = false;
  const onDuty =
    (name: keyof DutyRequests): RequestHandler =>
    (body, peer) => {
      if (duty === undefined) throw new Error('this watchdog is just beginning');
      return duty.requests[name](body, peer);
    };
  const requests: DutyRequests = {
    status: onDuty('status'),
    restart: onDuty('restart'),
    stop: onDuty('stop'),
    guard: onDuty('guard'),
  };

  for (;;) {
    const opening = await tryOpenControl({
      dataDir: home.folder,
      kind: 'watchdog',
      identity: { instance },
      clock,
      random,
      requests,
    });
    if (opening.held) {
      events.announce('keeping', { tookOver: guardedBefore });
      duty = takeUpDuty(options);
      return await duty.carryOut(opening.control);
    }
    const end = await standGuard({ ...options, instance });
    if (end.kind === 'leave') {
      if (foreground) events.announce('ended', { code: end.code, why: end.why });
      return end;
    }
    if (end.kind === 'keeper-gone') guardedBefore = true;
    else await clock.sleep(againMs);
  }
}
