import type { Finding, History, StateRecord } from './history.js';

/** At one place all masters are in the same state. */
export function checkStates({ states }: History): readonly Finding[] {
  const byPlace = new Map<number, StateRecord>();
  return states.flatMap((state) => {
    const other = byPlace.get(state.seq);
    if (other === undefined) {
      byPlace.set(state.seq, state);
      return [];
    }
    return other.hash === state.hash
      ? []
      : [{ rule: 'equal states', what: `two masters differ after ${state.seq}`, evidence: [other, state] }];
  });
}
