import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portState } from '../src/cluster/ports.js';
import { type Ended, everline, type RunOptions } from './everline.js';

/** A cluster brought up by the command itself, in a folder and on ports of its own. */
export interface RealCluster extends AsyncDisposable {
  readonly dataDir: string;
  readonly port: number;
  readonly router: string;
  /** For every command that is to reach it. */
  readonly environment: Readonly<Record<string, string>>;
  as(user: string, args: readonly string[], options?: RunOptions): Promise<Ended>;
}

export async function realCluster(): Promise<RealCluster> {
  const home = mkdtempSync(join(tmpdir(), 'everline-real-'));
  const port = await threePorts();
  const router = `127.0.0.1:${port}`;
  const dataDir = join(home, 'data', 'everline');
  const environment = {
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    EVERLINE_ROUTER: router,
    TZ: 'UTC',
  };
  return {
    dataDir,
    port,
    router,
    environment,
    as: (user, args, options = {}) => everline(['-u', user, ...args], { environment, ...options }),
    async [Symbol.asyncDispose]() {
      await everline(['down'], { environment });
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** `up` takes three in a row; which, is chosen by the process so that suites side by side do not meet. */
async function threePorts(): Promise<number> {
  for (let port = 20_000 + (process.pid % 4_000) * 3; port < 60_000; port += 3) {
    const states = await Promise.all([0, 1, 2].map((step) => portState('127.0.0.1', port + step)));
    if (states.every((state) => state === 'free')) return port;
  }
  throw new Error('no three free ports in a row');
}
