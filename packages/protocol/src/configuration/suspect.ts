// Whether the available master has lost its role.
// R8 Suspicion wants two witnesses: the router's own silence and a standby's. A death certificate, a resignation, or a new
//    incarnation is certainty. If a standby still hears it, the router waits `holdMs`. A router that stalled or has just
//    started waits one suspicion period before it acts on anybody's silence.
import { holdMs } from './limits.js';
import { isAlive, memberOf, presentReign } from './members.js';
import type { Rules } from './rules.js';
import type { RouterState } from './state.js';

export type Verdict =
  | { readonly kind: 'serves' }
  /** It may be gone; too little is known to take the role away. */
  | { readonly kind: 'doubted' }
  | {
      readonly kind: 'lost';
      readonly cause: 'resigned' | 'failed';
      readonly firstSignMs: number;
      readonly why: string;
    };

const serves: Verdict = { kind: 'serves' };
const doubted: Verdict = { kind: 'doubted' };

export function suspect(rules: Rules, state: RouterState, nowMs: number): Verdict {
  const reign = presentReign(state);
  if (reign === undefined) return doubted;
  const member = memberOf(state, reign.masterId);
  const signMs = state.firstSignMs ?? nowMs;
  if (reign.ended === 'resigned') {
    const sinceMs = state.switchover?.sinceMs ?? signMs;
    return { kind: 'lost', cause: 'resigned', firstSignMs: sinceMs, why: 'resigned' };
  }
  if (reign.ended === 'reaped') {
    const how = member?.stream.phase === 'dead' ? ` (${member.stream.how})` : '';
    return { kind: 'lost', cause: 'failed', firstSignMs: signMs, why: `died${how}` };
  }
  if (member !== undefined && member.incarnation !== reign.incarnation) {
    return { kind: 'lost', cause: 'failed', firstSignMs: signMs, why: 'was restarted' };
  }
  return suspectSilence(rules, state, nowMs);
}

/** Nothing is certain: the router's own silence, and what the standbys say. */
function suspectSilence(rules: Rules, state: RouterState, nowMs: number): Verdict {
  const member = memberOf(state, presentReign(state)?.masterId ?? '');
  const heardMs = member?.heardMs ?? state.startedMs;
  const silentMs = nowMs - heardMs;
  const broken = member?.stream.phase === 'broken';
  const silent = silentMs >= rules.suspicionMs;
  if (!broken && !silent) return serves;
  const lost = (why: string): Verdict => {
    const firstSignMs = Math.min(state.firstSignMs ?? nowMs, silent ? heardMs : nowMs);
    return { kind: 'lost', cause: 'failed', firstSignMs, why };
  };
  const said = testimony(rules, state, nowMs);
  if (broken && said.refusedThere) return lost('could not be reached');
  if (nowMs < state.patientUntilMs) return doubted; // R8: own stall, or just started
  if (said.refusedThere || (said.missed && !said.heard)) return lost('fell silent'); // R8: the second witness
  if (silentMs >= holdMs) return lost('was out of reach'); // R8: held long enough
  return doubted;
}

interface Testimony {
  /** A standby's connection broke, and a new one was refused. */
  readonly refusedThere: boolean;
  readonly heard: boolean;
  readonly missed: boolean;
}

/** Only of masters that are alive, and only about the present epoch. */
function testimony(rules: Rules, state: RouterState, nowMs: number): Testimony {
  const { configuration } = state.durable;
  const witnesses = state.members
    .filter((member) => member.masterId !== configuration?.availableId && isAlive(rules, member, nowMs))
    .map(({ witness }) => witness)
    .filter((witness) => witness !== undefined)
    .filter((witness) => witness.epoch === configuration?.epoch);
  const missed = (heardMs: number): boolean => nowMs - heardMs >= rules.suspicionMs;
  return {
    refusedThere: witnesses.some((witness) => witness.unreachable),
    heard: witnesses.some((witness) => !witness.unreachable && !missed(witness.heardMs)),
    missed: witnesses.some((witness) => missed(witness.heardMs)),
  };
}
