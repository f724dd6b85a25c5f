/** `pnpm matrix` plays every row as often as it is meant to be played, `pnpm test` a few times. */
const full = process.env.EVERLINE_E2E_MATRIX !== undefined;

export function often(quick: number, whole: number): number {
  return full ? whole : quick;
}

/** What is drawn by lot is drawn from this, and printed: the same seed draws the same again. */
export const seed = Number(process.env.EVERLINE_E2E_SEED ?? Math.floor(Math.random() * 0x1_0000_0000));

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function lots(start = seed): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
