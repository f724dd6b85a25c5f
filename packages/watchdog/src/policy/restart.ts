/**
 * W5: when a child that ended is started again. Pure: the intensity is data, time and chance come in as arguments.
 */
export interface RestartIntensity {
  /** Ready for longer than this: started again at once. */
  readonly settledMs: number;
  /** The first delay of one that was not, doubled with each such death … */
  readonly firstDelayMs: number;
  /** … up to this. */
  readonly maxDelayMs: number;
  /** Ready for this long: all is forgotten. */
  readonly forgetMs: number;
  /** More deaths than this … */
  readonly maxDeaths: number;
  /** … within this time: held, until it was ready for as long as such a pace leaves to each life. */
  readonly withinMs: number;
  /** One try in this time while held: never dead for ever. */
  readonly heldMs: number;
}

export interface RestartHistory {
  /** Starts after the first one. */
  readonly restarts: number;
  /** Deaths in a row of children that had not settled. */
  readonly unsettled: number;
  /** When the latest deaths were, oldest first; never more than `maxDeaths` + 1 of them. */
  readonly deathsAtMs: readonly number[];
  readonly held: boolean;
}

export const noRestarts: RestartHistory = { restarts: 0, unsettled: 0, deathsAtMs: [], held: false };

export interface RestartDecision {
  readonly history: RestartHistory;
  readonly delayMs: number;
}

/** `readyMs`: how long the child had been ready when it died, 0 when it never was. `chance` is in [0, 1). */
export function decideRestart(
  before: RestartHistory,
  death: { readonly nowMs: number; readonly readyMs: number; readonly aliveMs: number },
  intensity: RestartIntensity,
  chance: number,
): RestartDecision {
  const { nowMs, readyMs, aliveMs } = death;
  const { restarts, ...remembered } = readyMs >= intensity.forgetMs ? noRestarts : before;
  const settled = readyMs > intensity.settledMs;
  const deathsAtMs = [...remembered.deathsAtMs, nowMs]
    .filter((atMs) => nowMs - atMs < intensity.withinMs)
    .slice(-(intensity.maxDeaths + 1));
  // Who lives so long each time never dies too often: what was held against it says nothing of its next life.
  const calm = readyMs >= intensity.withinMs / intensity.maxDeaths;
  const held = (remembered.held && !calm) || deathsAtMs.length > intensity.maxDeaths;
  const unsettled = calm ? 0 : settled ? remembered.unsettled : remembered.unsettled + 1;
  const history = { restarts: before.restarts + 1, unsettled, deathsAtMs, held };
  if (held) return { history, delayMs: Math.max(intensity.heldMs - aliveMs, intensity.firstDelayMs) };
  if (settled) return { history, delayMs: 0 };
  const ceilingMs = Math.min(intensity.firstDelayMs * 2 ** (unsettled - 1), intensity.maxDelayMs);
  return { history, delayMs: chance * ceilingMs };
}
