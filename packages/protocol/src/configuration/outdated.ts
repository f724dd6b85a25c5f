// R1 Versions and epochs only grow, also over a restore from a backup: a router that meets a master with a newer
//    configuration of the same cluster decides nothing any more. R9: it can be rebuilt from the masters' copies.
import { type Outcome, refuse } from './refused.js';
import type { Rules } from './rules.js';
import type { RouterState } from './state.js';

export function outdatedBy(rules: Rules, state: RouterState, version: number): Outcome {
  if (rules.recover) {
    const text = 'this router rebuilds its state from the masters: register again';
    return refuse({ ...state, standing: { kind: 'recovering', copies: [] } }, 'ROUTER_RECOVERING', text);
  }
  return stillOutdated({ ...state, standing: { kind: 'outdated', version } });
}

export function stillOutdated(state: RouterState): Outcome {
  const text = 'the state of this router is older than what the masters know; start it with --recover';
  return refuse(state, 'ROUTER_OUTDATED', text, {
    version: String(state.durable.configuration?.version ?? 0),
  });
}
