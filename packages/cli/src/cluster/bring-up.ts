import type { Clock } from '@everline/chassis/clock';
import type { Environment } from '@everline/chassis/config';
import { type ClusterStatus, connect } from '@everline/client';
import { Ending } from '../ending.js';
import type { HowEnded } from './holders.js';
import { hopeless, lastWords, type StartedPair, startPair, stopPair } from './pair.js';
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
const lookAgainMs = 500;

/** Starts every role at the same time and waits until the cluster serves; if it does not, stops what was started. */
export async function bringUp(wish: BringUp): Promise<ClusterStatus> {
  const { plan, toStart, environment, clock, interrupted } = wish;
  const pairs = toStart.map((role) => startPair(role, plan.router, environment, clock));
  const giveUp = new AbortController();
  let missing: readonly string[] = [];
  const onMissing = (reasons: readonly string[]): void => {
    missing = reasons;
  };
  const cancels = [
    clock.after(patienceMs, () => giveUp.abort(tooLong(toStart, missing))),
    clock.every(
      lookAgainMs,
      () => void lookForHopeless(toStart, giveUp, clock).catch(giveUp.abort.bind(giveUp)),
    ),
  ];
  for (const pair of pairs) void pair.ended.then((code) => giveUp.abort(endedEarly(pair, code)));
  try {
    await using client = connect({ routers: [plan.router.address] });
    const signal = AbortSignal.any([interrupted, giveUp.signal]);
    return await untilServing({ client, plan, clock, signal, onMissing });
  } catch (error) {
    await Promise.all(pairs.map((pair) => pair.stop()));
    if (interrupted.aborted) throw Ending.interrupted();
    throw giveUp.signal.aborted ? giveUp.signal.reason : error;
  } finally {
    for (const cancel of cancels) cancel();
  }
}

async function lookForHopeless(
  roles: readonly RolePlan[],
  giveUp: AbortController,
  clock: Clock,
): Promise<void> {
  for (const role of roles) {
    const why = await hopeless(role, clock);
    if (why !== undefined) giveUp.abort(Ending.refused(`${why}${lastSaid(role)}`));
  }
}

export async function bringDown(roles: readonly RolePlan[], clock: Clock): Promise<readonly HowEnded[]> {
  return Promise.all(roles.map((role) => stopPair(role, clock)));
}

function endedEarly({ role }: StartedPair, code: number): Ending {
  return Ending.refused(`${role.name} could not be started (code ${code})${lastSaid(role)}`);
}

function tooLong(roles: readonly RolePlan[], missing: readonly string[]): Ending {
  const said = roles.map((role) => ({ role, words: lastSaid(role) })).find(({ words }) => words !== '');
  const last = said === undefined ? '' : `; ${said.role.name} said last${said.words}`;
  return Ending.unreachable(
    `the cluster did not come up within ${patienceMs / 1_000} s: ${missing.join(', ')}${last}`,
  );
}

function lastSaid(role: RolePlan): string {
  const words = lastWords(role);
  return words === undefined ? '' : `: ${words}`;
}
