import type { Clock } from '@everline/chassis/clock';
import type { Environment } from '@everline/chassis/config';
import { type ClusterStatus, connect } from '@everline/client';
import { Ending } from '../ending.js';
import type { HowEnded } from './holders.js';
import { lastWords, type StartedPair, startPair, stopPair } from './pair.js';
import type { ClusterPlan, RolePlan } from './plan.js';
import { untilServing } from './readiness.js';

export interface BringUp {
  readonly plan: ClusterPlan;
  /** Of the plan: those that do not run yet. */
  readonly toStart: readonly RolePlan[];
  readonly environment: Environment;
  readonly clock: Clock;
  readonly interrupted: AbortSignal;
}

/** A cold machine under load takes seconds; longer than this is no start any more. */
const patienceMs = 60_000;

/** Starts every role at the same time and waits until the cluster serves; if it does not, stops what was started. */
export async function bringUp(wish: BringUp): Promise<ClusterStatus> {
  const { plan, toStart, environment, clock, interrupted } = wish;
  const pairs = toStart.map((role) => startPair(role, plan.router, environment));
  const giveUp = new AbortController();
  const cancel = clock.after(patienceMs, () => giveUp.abort(tooLong(toStart)));
  for (const pair of pairs) void pair.ended.then((code) => giveUp.abort(endedEarly(pair, code)));
  const signal = AbortSignal.any([interrupted, giveUp.signal]);
  try {
    await using client = connect({ routers: [plan.router.address] });
    return await untilServing(client, plan, clock, signal);
  } catch (error) {
    await bringDown(toStart, clock);
    if (interrupted.aborted) throw Ending.interrupted();
    throw giveUp.signal.aborted ? giveUp.signal.reason : error;
  } finally {
    cancel();
  }
}

export async function bringDown(roles: readonly RolePlan[], clock: Clock): Promise<readonly HowEnded[]> {
  return Promise.all(roles.map((role) => stopPair(role, clock)));
}

function endedEarly({ role }: StartedPair, code: number): Ending {
  const words = lastWords(role);
  return Ending.refused(
    `${role.name} could not be started (code ${code})${words === undefined ? '' : `: ${words}`}`,
  );
}

function tooLong(roles: readonly RolePlan[]): Ending {
  const words = roles
    .map((role) => ({ role, words: lastWords(role) }))
    .find(({ words }) => words !== undefined);
  const last = words === undefined ? '' : `; ${words.role.name} said last: ${words.words}`;
  return Ending.unreachable(`the cluster did not come up within ${patienceMs / 1_000} s${last}`);
}
