// The router's whole behaviour is this one function: an event and a time make the next state, an answer, and what to do.
//
//   register ── form, recover        AddMaster                    R3 R6 R7 R9
//   stream, ping                     DualPing                     R7 R8
//   report-death, certify            ReportDeath, resignations    M10
//   alter-in-sync                    AlterInSync                  R1 R2 R5 R7
//   switchover, force-available      what people ask for          R10
//   settle ── replace-lost ── suspect, choose-available, begin-reign, penalise     R3 R4 R6 R8
//          └─ unlist-gone
//   lawful                           R1–R5, R9 as assertions
//   views                            what is told to whom
//
// Nothing here waits, draws or looks at a clock: the same code runs in the router and in the simulator.
import { alterInSync, type InSyncAltered } from './alter-in-sync.js';
import { type Effect, effectsOf } from './effects.js';
import { type Forced, forceAvailable } from './force-available.js';
import type { Instant } from './instant.js';
import { assertLawful } from './lawful.js';
import { noticeStall } from './notice-stall.js';
import { stillOutdated } from './outdated.js';
import { type Pinged, ping } from './ping.js';
import { stillRecovering } from './recover.js';
import type { Outcome, Refused } from './refused.js';
import { register } from './register.js';
import type { Registration } from './registration.js';
import { type DeathReported, reportDeath } from './report-death.js';
import type { Rules } from './rules.js';
import { settle } from './settle.js';
import type { RouterState } from './state.js';
import { breakStream, openStream, type StreamBroken, type StreamOpened } from './stream.js';
import { askSwitchover, type SwitchoverAsked } from './switchover.js';

export type RouterEvent =
  | Registration
  | StreamOpened
  | StreamBroken
  | Pinged
  | DeathReported
  | InSyncAltered
  | SwitchoverAsked
  | Forced
  /** Comes at least ten times in a suspicion period. */
  | { readonly kind: 'ticked' };

export interface Decision {
  readonly state: RouterState;
  /** Undefined when the event was granted. */
  readonly refused: Refused | undefined;
  /** In this order; what is told waits until what is to be kept is durable (R1). */
  readonly effects: readonly Effect[];
}

export function decide(rules: Rules, before: RouterState, event: RouterEvent, at: Instant): Decision {
  const { state, refused } = handle(rules, noticeStall(rules, before, at), event, at);
  const by = event.kind === 'forced' || before.standing !== state.standing ? 'anew' : event.kind;
  assertLawful(before.durable.configuration, state.durable.configuration, by);
  const after = settle(rules, state, at);
  assertLawful(state.durable.configuration, after.durable.configuration, 'settled');
  return { state: after, refused, effects: effectsOf(rules, before, after) };
}

function handle(rules: Rules, state: RouterState, event: RouterEvent, at: Instant): Outcome {
  switch (event.kind) {
    case 'add-master':
      return register(rules, state, event, at);
    case 'stream-opened':
      return outOfOffice(state) ?? openStream(state, event, at);
    case 'pinged':
      return outOfOffice(state) ?? ping(rules, state, event, at);
    case 'stream-broken':
      return breakStream(state, event, at);
    case 'death-reported':
      return reportDeath(state, event, at);
    case 'in-sync-altered':
      return outOfOffice(state) ?? alterInSync(rules, state, event, at);
    case 'switchover-asked':
      return outOfOffice(state) ?? askSwitchover(rules, state, event, at);
    case 'forced':
      return state.standing.kind === 'outdated'
        ? stillOutdated(state)
        : forceAvailable(rules, state, event, at);
    case 'ticked':
      return { state };
  }
}

/** A router that does not know the newest configuration grants nothing that depends on it (R9). */
function outOfOffice(state: RouterState): Outcome | undefined {
  switch (state.standing.kind) {
    case 'deciding':
      return undefined;
    case 'outdated':
      return stillOutdated(state);
    case 'recovering':
      return stillRecovering(state);
  }
}
