import { isDeepStrictEqual } from 'node:util';
import {
  checkHistory,
  describeFindings,
  type History,
  type PostRecord,
  type StateRecord,
} from '@everline/history';
import { eventually } from '../eventually.js';

import type { Cluster } from '../wire/messages.js';
import type { Crowd } from './crowd.js';
import { readOrder, readPages } from './order.js';

const settleMs = 45_000;
const reignEvents = new Set([
  'CLUSTER_EVENT_KIND_FORMED',
  'CLUSTER_EVENT_KIND_FAILOVER',
  'CLUSTER_EVENT_KIND_SWITCHOVER',
]);

export interface EndingOptions {
  /** Masters that are not expected back. */
  readonly missing?: number;
  /** Of people who are not of this crowd, and whom it reads. */
  readonly others?: readonly PostRecord[];
}

/**
 * The common end of every scenario: no acknowledged post lost, none twice, every reader's chain unbroken, states equal,
 * no zombie. Processes and locks are looked at when the file ends.
 */
export async function ending(crowd: Crowd, options: EndingOptions = {}): Promise<History> {
  await crowd.stopPosting();
  const states = await equalStates(crowd, options.missing ?? 0);
  const { address } = await crowd.cluster.getAvailable();
  const order = await readOrder(address, crowd.witness, crowd.startCursor);
  const last = order.at(-1)?.seq ?? 0;
  const streams = [...crowd.finishedStreams];
  for (const reader of crowd.readers) {
    if (reader.broken !== undefined) throw reader.broken;
    const due = lastDue(crowd, reader.name, order, last);
    await reader.untilTaken(due);
    streams.push(await reader.stop({ untilSeq: due }));
  }
  const pages = await readPages(address, crowd.witness);
  const cluster = await crowd.cluster.describe();
  crowd.close();
  const history: History = {
    posts: [...crowd.posts, ...(options.others ?? [])],
    changes: crowd.changes,
    streams,
    pages: crowd.pages,
    order,
    reigns: crowd.compass.reigns,
    eventEpochs: eventEpochs(cluster),
    states,
    journals: [],
  };
  const findings = checkHistory(history);
  if (findings.length > 0) throw new Error(describeFindings(findings));
  if (
    !isDeepStrictEqual(
      pages.filter(({ seq }) => seq >= (order[0]?.seq ?? 0)),
      order,
    )
  )
    throw new Error(
      `read by stream there are ${order.length} posts, read by pages ${pages.length}, or others`,
    );
  await noZombies(crowd);
  return history;
}

/** The last post that this reader has to have taken. */
function lastDue(crowd: Crowd, reader: string, order: History['order'], last: number): number {
  const followed = new Set(
    crowd.changes
      .filter((change) => change.reader === reader && change.kind === 'follow')
      .map(({ author }) => author),
  );
  for (const { reader: who, author, kind } of crowd.changes)
    if (who === reader && kind === 'unfollow') followed.delete(author);
  return order.findLast(({ author }) => followed.has(author))?.seq ?? Math.min(0, last);
}

/** Every master tells of the same place, and there of the same state. */
async function equalStates(crowd: Crowd, missing: number): Promise<StateRecord[]> {
  let last: Cluster | undefined;
  const wanted = crowd.cluster.masters.length - missing;
  return eventually(
    async () => {
      const now = await crowd.cluster.describe(1_000);
      last = now;
      const alive = now.masters.filter(({ alive, inSync }) => alive && inSync);
      const places = new Set(alive.map(({ stateHashSeq }) => stateHashSeq));
      if (alive.length !== wanted || places.size !== 1) return undefined;
      return alive.map(({ masterId, stateHash, stateHashSeq }) => ({
        masterId,
        hash: stateHash,
        seq: stateHashSeq,
      }));
    },
    settleMs,
    () => `${wanted} masters are in sync at one place: ${JSON.stringify(last?.masters)}`,
  );
}

function eventEpochs({ events }: Cluster): number[] {
  return events
    .filter(({ kind }) => reignEvents.has(kind))
    .map(({ epoch }) => epoch)
    .reverse();
}

async function noZombies(crowd: Crowd): Promise<void> {
  const { run } = crowd.cluster;
  await eventually(
    () => run.zombies().length === 0,
    15_000,
    () => `nobody leaves zombies: ${JSON.stringify(run.zombies())}`,
  );
}
