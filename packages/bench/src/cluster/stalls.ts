import type { Bench } from '../subject.js';
import type { Cluster } from './cluster.js';
import type { Member } from './member.js';

const metric = /^everline_event_loop_worst_stall_seconds (\S+)$/m;
/** A reading takes some milliseconds of the loop itself: seldom enough not to be what is measured. */
const everyMs = 250;

/** How late the event loop of every role was, at worst, in each stretch of the time; in milliseconds. */
export class Stalls {
  readonly worst = new Map<string, number[]>();
  readonly #bench: Bench;
  readonly #members: readonly Member[];

  constructor(bench: Bench, cluster: Cluster) {
    this.#bench = bench;
    this.#members = cluster.members;
  }

  /** While it runs. */
  async during(load: () => Promise<unknown>): Promise<void> {
    const { clock, stop } = this.#bench;
    await this.#read(() => {});
    let over = false;
    const running = load().finally(() => {
      over = true;
    });
    while (!over) {
      await Promise.race([clock.sleep(everyMs, stop), running]);
      await this.#read((name, ms) => this.worst.set(name, [...(this.worst.get(name) ?? []), ms]));
    }
    await running;
  }

  async #read(take: (name: string, ms: number) => void): Promise<void> {
    await Promise.all(
      this.#members.map(async ({ plan: { name, metricsPort } }) => {
        const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`, { signal: this.#bench.stop });
        const seconds = metric.exec(await answer.text())?.[1];
        if (seconds === undefined) throw new Error(`${name} does not tell how late its event loop was`);
        take(name, Number(seconds) * 1_000);
      }),
    );
  }
}
