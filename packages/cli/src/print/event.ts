import type { ClusterEvent } from '@everline/client';
import { duration } from './duration.js';
import { shortTime } from './local-time.js';
import type { Style } from './style.js';
import { visible } from './visible.js';

/** What happened to the cluster, in a line. */
export function eventLine(
  { atMs, kind, what, epoch, tookMs }: ClusterEvent,
  style: Style,
  nowMs: number,
): string {
  const moved = kind === 'failover' || kind === 'switchover' || kind === 'forced';
  const paint = moved ? style.yellow : style.dim;
  const took = tookMs === undefined || !moved ? '' : style.dim(` (decided in ${duration(tookMs)})`);
  return `  ${style.dim(shortTime(atMs, nowMs))}  ${paint(visible(what))} ${style.dim(`· epoch ${epoch}`)}${took}`;
}
