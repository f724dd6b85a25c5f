import { elapsed } from '../eventually.js';
import type { Crowd } from './crowd.js';

/** People who post, whoever they are. */
export type Posting = Pick<Crowd, 'cluster' | 'warm' | 'untilAcknowledged' | 'longestPauseMs'>;

export interface Disturbance {
  readonly pauseMs: number;
  /** From the act until every master was in sync again. */
  readonly redundantMs: number;
}

export interface DisturbOptions {
  /** Acknowledgements that must follow before the pause is measured. */
  readonly acknowledgements?: number;
  /** So long everything is well before: whoever was started a moment ago has yet to run most of its code. */
  readonly steadyMs?: number;
  /** What has to be done before the cluster can be whole again. */
  readonly heal?: () => Promise<void>;
}

/** Does something to the cluster while people post, and measures how long nobody got an answer. */
export async function disturb(
  crowd: Posting,
  act: () => Promise<void>,
  { acknowledgements = 100, steadyMs = 0, heal }: DisturbOptions = {},
): Promise<Disturbance> {
  const { cluster } = crowd;
  await crowd.warm();
  await crowd.untilAcknowledged(acknowledgements);
  await elapsed(steadyMs);
  const before = await cluster.describe();
  const fromMs = performance.now();
  await act();
  await crowd.untilAcknowledged(acknowledgements);
  const pauseMs = crowd.longestPauseMs(fromMs);
  await heal?.();
  await cluster.untilRedundant(before);
  return { pauseMs, redundantMs: performance.now() - fromMs };
}

/** The same several times over. */
export async function disturbTimes(
  times: number,
  crowd: Posting,
  act: () => Promise<void>,
  options?: DisturbOptions,
): Promise<Disturbance[]> {
  const all: Disturbance[] = [];
  for (let time = 0; time < times; time += 1) all.push(await disturb(crowd, act, options));
  return all;
}
