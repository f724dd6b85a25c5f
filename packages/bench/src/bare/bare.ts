import { join } from 'node:path';
import { Child } from '../cluster/child.js';
import { freePorts } from '../cluster/ports.js';
import { bareServer } from '../places.js';
import type { Bench } from '../subject.js';
import { snsClient } from '../wire/sns.js';

const readyMs = 20_000;

/** The bare transport in a process of its own, as a master is. */
export class Bare implements AsyncDisposable {
  readonly address: string;
  readonly pid: number;
  readonly #bench: Bench;
  readonly #child: Child;

  private constructor(bench: Bench, port: number) {
    this.#bench = bench;
    this.address = `127.0.0.1:${port}`;
    this.#child = new Child([bareServer, String(port)], join(bench.scratch, 'bare.log'));
    this.pid = this.#child.pid;
  }

  static async start(bench: Bench): Promise<Bare> {
    const [port = 0] = await freePorts(1, bench.random);
    const bare = new Bare(bench, port);
    const client = snsClient(bare.address);
    try {
      await new Promise<void>((resolve, reject) => {
        client.waitForReady(bench.clock.wallMs() + readyMs, (error) => (error ? reject(error) : resolve()));
      });
      return bare;
    } catch (error) {
      await bare[Symbol.asyncDispose]();
      throw error;
    } finally {
      client.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child.stop(this.#bench.clock);
  }
}
