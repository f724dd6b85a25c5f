import { fileURLToPath } from 'node:url';
import { longestPauseMs, type PostRecord } from '@everline/history';
import type { Cluster } from '../cluster/cluster.js';
import { eventually, within } from '../eventually.js';
import { clientLibrary } from '../places.js';
import type { Child } from '../processes/child.js';
import type { Posting } from './disturb.js';

const program = fileURLToPath(new URL('../programs/post.js', import.meta.url));

/** People who post with the product's own client, in a process of their own. */
export class OwnCrowd implements Posting {
  readonly cluster: Cluster;
  private readonly child: Child;
  private readonly records: PostRecord[] = [];
  /** The beginning of a line. */
  private rest = '';

  constructor(cluster: Cluster, names: readonly string[]) {
    this.cluster = cluster;
    const args = [clientLibrary, cluster.router.address, ...names];
    this.child = cluster.run.start([process.execPath, program, ...args]);
  }

  /** Every line is looked at once: people say a lot, and who measures must not be in their way. */
  get posts(): readonly PostRecord[] {
    const text = this.child.takeOutput();
    const whole = text.lastIndexOf('\n') + 1;
    const lines = (this.rest + text.slice(0, whole)).split('\n').slice(0, -1);
    this.rest = whole === 0 ? this.rest + text : text.slice(whole);
    for (const line of lines) {
      const said = JSON.parse(line) as Omit<PostRecord, 'outcome' | 'tries'>;
      const begunMs = said.begunMs - performance.timeOrigin;
      const endedMs = said.endedMs - performance.timeOrigin;
      this.records.push({ ...said, begunMs, endedMs, outcome: 'acknowledged', tries: 1 });
    }
    return this.records;
  }

  /** The client does that by itself. */
  async warm(): Promise<void> {}

  async untilAcknowledged(more: number): Promise<void> {
    const wanted = this.posts.length + more;
    await eventually(
      () => this.posts.length >= wanted,
      45_000,
      () => `${more} more posts are acknowledged: ${this.child.stderr}`,
    );
  }

  longestPauseMs(fromMs: number): number {
    return longestPauseMs(this.posts, fromMs);
  }

  /** @returns everything that was acknowledged; nothing may have failed */
  async finish(): Promise<readonly PostRecord[]> {
    this.child.endInput();
    const { code } = await within(this.child.exited, 30_000, 'everybody has an answer to the last post');
    if (code !== 0)
      throw new Error(`the people of the product's own client ended with ${code}: ${this.child.stderr}`);
    return this.posts;
  }
}
