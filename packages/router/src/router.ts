// The router, put together:
//
//   data directory (lock, state) ── keeper ── configuration-store
//                                     │
//   rpc/* ── events ──────────────▶ decider ── @everline/protocol/configuration: every decision
//                                     │
//   masters (DualPing), clients (WatchAvailable) ◀── teller: what is durable (R1)
import {
  type Clock,
  Closing,
  createRpcServer,
  type Log,
  openMetrics,
  type Random,
  type Running,
} from '@everline/chassis';
import { openControl } from '@everline/chassis/control';
import { descriptorImage, RouterServiceService } from '@everline/contracts';
import { begin, nothingDurable, type Rules } from '@everline/protocol/configuration';
import { openFileStore } from './configuration-store/index.js';
import { inDataDirectory, makeDataDirectory } from './data-directory.js';
import { Decider } from './deciding/decider.js';
import { decodeDurable } from './deciding/durable-json.js';
import { Keeper } from './deciding/keeper.js';
import { warmUp } from './deciding/warm-up.js';
import { measure } from './metrics.js';
import { routerService } from './rpc/service.js';
import type { Settings } from './settings.js';
import { Lines } from './telling/lines.js';
import { Teller } from './telling/teller.js';
import { Watchers } from './telling/watchers.js';

export interface RouterContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly stop: AbortSignal;
}

export interface Router extends Running {
  readonly port: number;
}

/** Streams are told to end at once; other calls may finish within this. */
const drainMs = 2_000;
/** Silence is noticed about a tick late. */
const ticksPerPing = 5;
/** A message of the router's has a few hundred bytes; 10,000 clients watch. */
const limits = { maxStreams: 25_000, maxConnections: 25_000, maxMessageBytes: 256 * 1024 };

/** Resolves when it serves. @throws ExitWith */
export async function openRouter(settings: Settings, context: RouterContext): Promise<Router> {
  const { clock, random, log } = context;
  const closing = new Closing();
  try {
    await makeDataDirectory(settings.data);
    const identity = { instance: random.uuid() };
    const control = closing.add(
      await inDataDirectory(settings.data, () =>
        openControl({ dataDir: settings.data, kind: 'router', identity, clock, random, log }),
      ),
    );
    const lines = new Lines();
    const watchers = new Watchers(clock);
    const decider = await openDecider(
      settings,
      context,
      new Teller({ lines, watchers, clock, log }),
      closing,
    );
    const server = createRpcServer({ log, clock, image: descriptorImage, limits });
    server.add(RouterServiceService, routerService({ decider, lines, watchers, clock, random, log }));
    const metrics = closing.add(await openMetrics(settings.metrics, { clock, log }));
    measure(metrics, decider, lines, watchers);
    closing.defer(() => server.drain(drainMs));
    const { port } = await server.listen(settings.listen);
    closing.defer(clock.every(settings.pingMs / ticksPerPing, () => decider.decide({ kind: 'ticked' })));
    control.ready({ port });
    const epoch = decider.told.durable.configuration?.epoch ?? 0;
    log.info({ port, metricsPort: metrics.port, epoch }, 'serves');
    void warmUp(decider.rules, clock, context.stop);
    return { port, finished: decider.failed, [Symbol.asyncDispose]: () => closing[Symbol.asyncDispose]() };
  } catch (error) {
    await closing[Symbol.asyncDispose]();
    throw error;
  }
}

/** What is durable is read, and written again at once: a directory that cannot be written is found now. */
async function openDecider(
  { data, suspicionMs, minInSync, recover }: Settings,
  { clock, log, stop }: RouterContext,
  teller: Teller,
  closing: Closing,
): Promise<Decider> {
  const rules: Rules = { suspicionMs, minInSync, recover };
  const store = closing.add(await inDataDirectory(data, () => openFileStore(data)));
  const tenure = closing.add(await store.acquire(stop));
  const { revision, durable } = await inDataDirectory(data, async () => {
    const kept = await store.get();
    return {
      revision: kept?.revision ?? 0,
      durable: kept === undefined ? nothingDurable : decodeDurable(kept.bytes),
    };
  });
  const keeper = new Keeper(store, revision, clock, log);
  await keeper.keep(durable);
  closing.defer(() => keeper.flush());
  const state = begin(rules, durable, { nowMs: clock.nowMs(), wallMs: clock.wallMs() });
  const decider: Decider = new Decider(state, {
    rules,
    keeper,
    clock,
    tell: (effects, before) => teller.tell(decider, effects, before),
  });
  tenure.lost.addEventListener('abort', () => decider.end(tenure.lost.reason), { once: true });
  return decider;
}
