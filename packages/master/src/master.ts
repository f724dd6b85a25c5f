// A master, put together:
//
//   data directory (lock) ── store: journal, state, who it is
//                              │
//   life ── role/ ── the link to the router; the one place where the role changes
//     │       └─ replication/ ── @everline/protocol/replica: every decision; shipping, following, snapshots
//     └─ sns/, csce438/ ── what clients call; timeline/, sessions
import { type Clock, type Log, openMetrics, type Random, type Running } from '@everline/chassis';
import { openControl } from '@everline/chassis/control';
import { Closing } from './closing.js';
import { type Life, openLife } from './life.js';
import { measure } from './metrics.js';
import { openData } from './open-data.js';
import type { Settings } from './settings.js';
import { warmUp } from './warm-up.js';

export interface MasterContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Master extends Running {
  readonly port: number;
}

/** Resolves when it listens, whatever its role. @throws ExitWith */
export async function openMaster(settings: Settings, context: MasterContext): Promise<Master> {
  const { clock, random, log } = context;
  const closing = new Closing();
  try {
    const incarnation = random.uuid();
    const identity = { instance: incarnation, incarnation };
    const { data: dataDir } = settings;
    const control = closing.add(await openControl({ dataDir, kind: 'master', identity, clock, random, log }));
    const store = closing.add(await openData(settings, context));
    const metrics = closing.add(await openMetrics(settings.metrics, { clock, log }));
    const lives = new Lives(await openLife({ ...context, store, settings, incarnation }));
    const { port } = lives.now;
    measure(metrics, () => lives.now.heart);
    const { masterId } = store;
    control.ready({ port, masterId });
    log.info({ port, master_id: masterId, metrics_port: metrics.port }, 'listens');
    const listen = settings.listen.replace(/:\d+$/, `:${port}`);
    closing.add(warmUp(listen, clock));
    const finished = lives.run(() => {
      control.update({ masterId: store.masterId });
      return openLife({ ...context, store, settings: { ...settings, listen }, incarnation });
    });
    return { port, finished, [Symbol.asyncDispose]: () => end(lives, closing) };
  } catch (error) {
    await closing[Symbol.asyncDispose]();
    throw error;
  }
}

/** R10: when what it had is given up, it goes on under another id, at the same address. */
class Lives {
  now: Life;

  constructor(first: Life) {
    this.now = first;
  }

  /** Never resolves; rejects with ExitWith. */
  async run(next: () => Promise<Life>): Promise<never> {
    for (;;) {
      await this.now.heart.finished;
      await this.now[Symbol.asyncDispose]();
      this.now = await next();
    }
  }
}

/** The role first, so that somebody else serves while the rest is closed. */
async function end(lives: Lives, closing: Closing): Promise<void> {
  await lives.now.heart.resign();
  await lives.now[Symbol.asyncDispose]();
  await closing[Symbol.asyncDispose]();
}
