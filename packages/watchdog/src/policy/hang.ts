/**
 * W4: when a process that does not answer its pings is called hung. Pure. W10: silence counts only while we were awake ourselves: a tick that comes late
 * (we were stopped, starved, or the machine slept) begins the count anew, and changes of the wall clock are not seen at all.
 */
export interface HangRule {
  readonly pingMs: number;
  /** So many pings in a row without an answer. */
  readonly missed: number;
}

export interface HangState {
  readonly tickedAtMs: number;
  /** Pings in a row that were not answered. */
  readonly missed: number;
  /** Since the last tick. */
  readonly answered: boolean;
  readonly lastAnswerAtMs: number;
}

export type HangVerdict = 'well' | 'late-ourselves' | 'hung';

/** A tick later than this part of the interval means that we were not awake all the time. */
const latenessFactor = 1.5;

/** The first ping is sent now. */
export function watchFrom(nowMs: number): HangState {
  return { tickedAtMs: nowMs, missed: 0, answered: false, lastAnswerAtMs: nowMs };
}

export function hearAnswer(state: HangState, nowMs: number): HangState {
  return { ...state, missed: 0, answered: true, lastAnswerAtMs: nowMs };
}

/** Called every `pingMs`; a ping is sent after each verdict but `hung`. */
export function tick(
  state: HangState,
  nowMs: number,
  rule: HangRule,
): { readonly state: HangState; readonly verdict: HangVerdict } {
  const next = { ...state, tickedAtMs: nowMs, answered: false };
  if (nowMs - state.tickedAtMs > rule.pingMs * latenessFactor)
    return { state: { ...next, missed: 0 }, verdict: 'late-ourselves' };
  const missed = state.answered ? 0 : state.missed + 1;
  return { state: { ...next, missed }, verdict: missed >= rule.missed ? 'hung' : 'well' };
}
