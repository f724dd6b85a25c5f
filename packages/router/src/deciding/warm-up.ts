// The first failover must not be the one that the machine learns on: the same path is run beforehand, on a cluster that is not there.
import type { Clock, Log, OpenOut } from '@everline/chassis';
import type { DualPingResponse, WatchAvailableResponse } from '@everline/contracts';
import { begin, nothingDurable, type RouterEvent, type Rules } from '@everline/protocol/configuration';
import { openMemoryStore } from '../configuration-store/index.js';
import { Lines } from '../telling/lines.js';
import { Teller } from '../telling/teller.js';
import { Watchers } from '../telling/watchers.js';
import { Decider } from './decider.js';
import { Keeper } from './keeper.js';

/** Enough for the compiler to take an interest. */
const failovers = 40;
const pingsBetween = 6;
const ids = ['a', 'b', 'c'] as const;

const nowhere: OpenOut<DualPingResponse & WatchAvailableResponse> = {
  write: () => true,
  ready: async () => {},
  pending: 0,
  ended: false,
  end: () => {},
  fail: () => {},
};

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => silent };

/** Some 100 ms of work, in small pieces. */
export async function warmUp(rules: Rules, clock: Clock, stop: AbortSignal): Promise<void> {
  const lines = new Lines();
  const watchers = new Watchers(clock);
  const keeper = new Keeper(openMemoryStore(), 0, clock, silent);
  const at = { nowMs: clock.nowMs(), wallMs: clock.wallMs() };
  const teller = new Teller({ lines, watchers, clock, log: silent });
  const decider = new Decider(begin({ ...rules, minInSync: 1, recover: false }, nothingDurable, at), {
    rules: { ...rules, minInSync: 1, recover: false },
    keeper,
    clock,
    tell: (effects, before) => teller.tell(decider, effects, before),
  });
  for (const id of ids) lines.open(id, nowhere);
  for (let lives = 1; lives <= failovers && !stop.aborted; lives += 1) {
    await live(decider, lives);
    await clock.sleep(0);
  }
}

/** All come, one dies. */
async function live(decider: Decider, lives: number): Promise<void> {
  for (const id of ids) {
    await done(decider, registration(id, lives));
    await done(decider, {
      kind: 'stream-opened',
      masterId: id,
      incarnation: `${id}${lives}`,
      streamId: lives,
    });
  }
  const { availableId = '', epoch = 0, version = 0 } = decider.told.durable.configuration ?? {};
  await done(decider, { kind: 'in-sync-altered', masterId: availableId, epoch, version, inSyncIds: ids });
  for (let ping = 0; ping < pingsBetween; ping += 1) {
    for (const id of ids) await done(decider, pinged(id, lives, epoch));
  }
  await done(decider, { kind: 'stream-broken', masterId: availableId, streamId: lives });
  const incarnation = `${availableId}${lives}`;
  await done(decider, { kind: 'death-reported', masterId: availableId, incarnation, how: 'SIGKILL' });
}

function done(decider: Decider, event: RouterEvent): Promise<void> {
  return new Promise((resolve) => {
    decider.decide(event, () => resolve());
  });
}

function registration(masterId: string, lives: number): RouterEvent {
  return {
    kind: 'add-master',
    masterId,
    address: `${masterId}:1`,
    clusterId: '',
    incarnation: `${masterId}${lives}`,
    version: 0,
    lastSeq: lives,
    lastEpoch: 0,
    committedSeq: lives,
    configuration: undefined,
    epoch: 0,
    software: '',
    newClusterId: 'warm-up',
  };
}

function pinged(masterId: string, lives: number, epoch: number): RouterEvent {
  return {
    kind: 'pinged',
    masterId,
    incarnation: `${masterId}${lives}`,
    streamId: lives,
    epoch,
    lastSeq: lives,
    committedSeq: lives,
    heardAvailableMsAgo: 0,
    availableUnreachable: false,
    resignedEpoch: 0,
    stateHash: '',
    stateHashSeq: 0,
  };
}
