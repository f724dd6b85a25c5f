import type { Bench } from '../subject.js';
import { closedLoop } from './closed-loop.js';

const warmMs = 1_000;
const forMs = 2_000;

/** Calls a second, a value a round: the same for whoever is compared. */
export async function ratesOf(
  { clock, stop }: Pick<Bench, 'clock' | 'stop'>,
  inFlight: number,
  rounds: number,
  call: () => Promise<unknown>,
): Promise<readonly number[]> {
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    stop.throwIfAborted();
    rates.push((await closedLoop({ clock, inFlight, warmMs, forMs }, call)).rate);
  }
  return rates;
}
