import { resolve } from 'node:path';
import { systemClock } from '@everline/chassis/clock';
import { tryOpenControl } from '@everline/chassis/control';
import { systemRandom } from '@everline/chassis/random';
import type { Context } from '../context.js';
import { type ExitCode, exitCodes } from '../ending.js';
import { count } from '../print/duration.js';
import { alreadyUp } from './already-up.js';
import { bringUp } from './bring-up.js';
import { readDescriptor, writeDescriptor } from './descriptor.js';
import { type ClusterWish, planCluster, rolesOf } from './plan.js';
import { checkFolder, preflight } from './preflight.js';
import { mastersIn, runningRoles } from './running.js';
import { stay } from './stay.js';
import { tellUp } from './tell-up.js';

export interface UpWish {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** Undefined: as many as the data folder has, two at least. */
  readonly masters: number | undefined;
  readonly minInSync: number;
  readonly detach: boolean;
}

const usualMasters = 2;

/**
 * One `up` for a data folder: whoever comes second says what runs, and ends with 0 when that is the cluster asked for.
 * What an earlier `up` left running is kept and completed, never started twice.
 */
export async function runUp(context: Context, wish: UpWish): Promise<ExitCode> {
  const startedMs = systemClock.nowMs();
  const dataDir = resolve(wish.dataDir);
  checkFolder(dataDir);
  const asked = clusterWish(wish, dataDir);
  const stopAsked = new AbortController();
  const opening = await tryOpenControl({
    dataDir,
    kind: 'cluster',
    identity: { instance: systemRandom.uuid() },
    clock: systemClock,
    onStop: () => stopAsked.abort(),
  });
  if (!opening.held) return alreadyUp(context, asked, opening.holder?.pid);
  await using control = opening.control;
  const left = await runningRoles(dataDir);
  const before = left.size > 0 ? readDescriptor(dataDir) : undefined;
  const plan = planCluster(before ?? asked);
  const toStart = rolesOf(plan).filter(({ name }) => !left.has(name));
  if (toStart.length === 0) return alreadyUp(context, asked, undefined);
  const resting = mastersIn(dataDir) - plan.masters.length;
  if (resting > 0) context.note(`${count(resting, 'master')} of this folder will rest.`);
  await preflight(toStart);
  writeDescriptor(before ?? asked);
  context.note(context.noteStyle.dim(`Starting ${toStart.map(({ name }) => name).join(', ')} …`));
  const interrupted = AbortSignal.any([context.terminal.interrupted, stopAsked.signal]);
  const status = await bringUp({
    plan,
    toStart,
    environment: context.environment,
    clock: systemClock,
    interrupted,
  });
  control.ready();
  await tellUp(context, plan, status, { readyMs: systemClock.nowMs() - startedMs, detached: wish.detach });
  // Awaited here: until it has ended the folder is ours.
  return wish.detach ? exitCodes.done : await stay(context, plan, stopAsked.signal);
}

function clusterWish({ host, port, masters, minInSync }: UpWish, dataDir: string): ClusterWish {
  const amount = masters ?? Math.max(usualMasters, mastersIn(dataDir));
  return {
    dataDir,
    host,
    minInSync,
    routerPort: port,
    masterPorts: Array.from({ length: amount }, (_, index) => port + 1 + index),
  };
}
