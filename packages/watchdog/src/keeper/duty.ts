/** What the holder of the lock does: the keeper with its state, its guardian, its lines to the routers, and the requests it answers. */
import type { Control, RequestHandler } from '@everline/chassis/control';
import { GuardPost } from '../pair/guard-post.js';
import type { PairOptions } from '../pair.js';
import { openStateFile } from '../state-file.js';
import type { KeepEnd } from './bury.js';
import type { KeeperContext } from './context.js';
import { Keeper } from './keeper.js';
import { statusOf } from './status.js';

export type DutyRequests = Readonly<Record<'status' | 'restart' | 'stop' | 'guard', RequestHandler>>;

export interface Duty {
  readonly requests: DutyRequests;
  /** Until the child is ended for good. */
  carryOut(control: Control): Promise<KeepEnd>;
}

/** A report that is on its way may arrive. */
const lastWordsMs = 500;

export function takeUpDuty(options: PairOptions): Duty {
  const { settings, home, clock, random, events, wish } = options;
  const state = openStateFile(home.state, () => clock.nowMs());
  const post = new GuardPost({ ...options, onGuardian: (guardian) => state.change({ guardian }) });
  const reporter = options.createReporter({
    routers: settings.reportTo,
    clock,
    random,
    events,
    onSettled: ({ incarnation }) =>
      state.change({
        unreported: state.get().unreported.filter((other) => other.incarnation !== incarnation),
      }),
  });
  const context: KeeperContext = {
    settings,
    home,
    clock,
    random,
    events,
    wish,
    state,
    reporter,
    tellGuardian: (name, body) => post.tell(name, body),
  };
  const keeper = new Keeper(context);
  wish.onRaise((level) => post.tell('stopping', { now: level === 2 }));

  return {
    requests: {
      status: () => ({ ...statusOf(context, keeper.phase, post.status) }),
      restart: () => {
        keeper.restart();
        return {};
      },
      stop: ({ now }) => {
        wish.raise(now === true ? 2 : 1);
        return {};
      },
      guard: (body, peer) => post.accept(body, peer),
    },
    carryOut: async (control) => {
      const end = await keeper.keep();
      state.change({ ended: end.why });
      events.announce('ended', { ...end });
      await post.dismiss(end);
      await Promise.race([reporter.settled(), clock.sleep(lastWordsMs)]);
      reporter[Symbol.dispose]();
      await control[Symbol.asyncDispose]();
      return end;
    },
  };
}
