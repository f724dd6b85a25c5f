import { randomUUID } from 'node:crypto';
import {
  type ChangeRecord,
  longestPauseMs,
  type PageRecord,
  type PostRecord,
  type StreamRecord,
} from '@everline/history';
import type { Cluster } from '../cluster/cluster.js';
import { eventually, within } from '../eventually.js';
import type { WireError } from '../wire/wire-error.js';
import { askAvailable } from './ask.js';
import { Compass } from './compass.js';
import { Desk } from './desk.js';
import { Reader } from './reader.js';
import { type Manner, Writer } from './writer.js';

export interface CrowdOptions {
  readonly writers?: number;
  readonly readers?: number;
  /** Names are the cluster's own: crowds that share one differ in it. */
  readonly prefix?: string;
  /** How they post; by default every fourth one in timeline mode. */
  readonly manner?: Manner;
  /** How long a master that is available no more has to say so itself. */
  readonly patienceMs?: number;
  /** They come to a master by the shortest way, whatever line the others have to take. */
  readonly direct?: boolean;
}

/** People at one cluster: some post, some read live, one witness follows them all from before the first post. */
export class Crowd {
  readonly cluster: Cluster;
  readonly compass: Compass;
  readonly desk: Desk;
  readonly writers: Writer[] = [];
  readonly readers: Reader[] = [];
  readonly changes: ChangeRecord[] = [];
  readonly pages: PageRecord[] = [];
  readonly finishedStreams: StreamRecord[] = [];
  readonly witness: string;
  private readonly direct: boolean;
  /** Where the witness's timeline began. */
  startCursor = '';

  private constructor(cluster: Cluster, prefix: string, { patienceMs = 0, direct = false }: CrowdOptions) {
    this.cluster = cluster;
    this.direct = direct;
    const way = direct ? (address: string) => cluster.at(address).plan.listen : undefined;
    this.compass = new Compass(cluster.router.address, patienceMs, way);
    this.desk = new Desk(this.compass);
    this.witness = `${prefix}witness`;
  }

  static async open(cluster: Cluster, options: CrowdOptions = {}): Promise<Crowd> {
    const { writers = 16, readers = 3, prefix = '' } = options;
    const crowd = new Crowd(cluster, prefix, options);
    cluster.run.atEnd(() => crowd.abandon());
    const names = Array.from({ length: writers }, (_, index) => `${prefix}w${index + 1}`);
    await crowd.login(crowd.witness);
    await Promise.all(names.map((name) => crowd.login(name)));
    for (const [index, name] of names.entries()) {
      await crowd.follow(crowd.witness, name);
      const manner = options.manner ?? (index % 4 === 3 ? 'timeline' : 'command');
      crowd.writers.push(new Writer(crowd.compass, name, manner));
    }
    await crowd.warm();
    const first = crowd.read(crowd.witness);
    await first.untilCaughtUp();
    crowd.startCursor = first.cursor ?? '';
    for (let index = 1; index <= readers; index += 1) {
      const reader = `${prefix}r${index}`;
      await crowd.login(reader);
      for (const name of names.filter((_, at) => at % index === 0)) await crowd.follow(reader, name);
      await crowd.read(reader).untilCaughtUp();
    }
    return crowd;
  }

  /** Connections to every master, so that no failover has to wait for one. */
  async warm(): Promise<void> {
    const addresses = this.cluster.masters.map(({ address, plan }) => (this.direct ? plan.listen : address));
    await Promise.all(this.writers.map((writer) => writer.warm(addresses)));
  }

  read(name: string, options: ConstructorParameters<typeof Reader>[2] = {}): Reader {
    const reader = new Reader(this.compass, name, options);
    this.readers.push(reader);
    return reader;
  }

  async login(name: string): Promise<void> {
    const request = { username: name, requestId: randomUUID() };
    const answer = await this.desk.ask('everline.sns.v1.SnsService/Login', request);
    if (answer.kind !== 'done') throw new Error(`${name} could not log in: ${answer.error?.message}`);
  }

  follow(reader: string, author: string): Promise<ChangeRecord> {
    return this.change('follow', reader, author);
  }

  unfollow(reader: string, author: string): Promise<ChangeRecord> {
    return this.change('unfollow', reader, author);
  }

  /** One try by somebody whom nobody follows. @throws WireError */
  async tryPost(username: string, deadlineMs: number): Promise<void> {
    const request = { username, postId: randomUUID(), text: 'just a try' };
    await askAvailable(this.cluster, 'everline.sns.v1.SnsService/Post', request, deadlineMs);
  }

  /** Reads one page and writes it down. */
  async page(reader: string, pageSize = 50): Promise<PageRecord> {
    const begunMs = performance.now();
    const request = { username: reader, pageSize };
    const answer = await this.desk.ask('everline.sns.v1.SnsService/ReadTimeline', request);
    if (answer.kind !== 'done') throw new Error(`${reader} could not read: ${answer.error?.message}`);
    const { entries, nextBefore } = answer.value;
    const page = {
      reader,
      includeOwn: false,
      begunMs,
      endedMs: performance.now(),
      entries: entries.map(({ post }) => ({ id: post.postId, seq: post.seq })),
      whole: nextBefore === '',
    };
    this.pages.push(page);
    return page;
  }

  startPosting(options: { everyMs: number; count?: number }): void {
    for (const writer of this.writers) writer.start(options);
  }

  async stopPosting(): Promise<void> {
    const stopped = Promise.all(this.writers.map((writer) => writer.stop()));
    await within(stopped, 30_000, 'everybody has an answer to the last post');
  }

  async finishPosting(): Promise<void> {
    const finished = Promise.all(this.writers.map((writer) => writer.finished()));
    await within(finished, 240_000, 'everybody has posted everything');
  }

  get posts(): PostRecord[] {
    return this.writers.flatMap(({ records }) => records);
  }

  longestPauseMs(fromMs: number): number {
    return longestPauseMs(this.posts, fromMs);
  }

  /** A fault that lasts: time is part of it, so it is waited for. */
  async elapse(durationMs: number): Promise<void> {
    const untilMs = performance.now() + durationMs;
    await eventually(() => performance.now() >= untilMs, durationMs + 1_000, `${durationMs} ms have passed`);
  }

  get refusals(): readonly WireError[] {
    return this.writers.flatMap(({ refusals }) => refusals);
  }

  /** How many posts were acknowledged so far. */
  get acknowledged(): number {
    return this.writers.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  }

  /** Resolves when `more` posts more are acknowledged. */
  async untilAcknowledged(more: number, deadlineMs = 45_000): Promise<void> {
    const wanted = this.acknowledged + more;
    await eventually(() => this.acknowledged >= wanted, deadlineMs, `${more} more posts are acknowledged`);
  }

  /** Whatever still goes on: a scenario that failed leaves people behind. */
  async abandon(): Promise<void> {
    this.close();
    for (const writer of this.writers) void writer.stop();
    for (const reader of this.readers) await reader.stop();
  }

  close(): void {
    this.compass.close();
    this.desk.close();
    for (const writer of this.writers) writer.close();
  }

  private async change(kind: 'follow' | 'unfollow', reader: string, author: string): Promise<ChangeRecord> {
    const begunMs = performance.now();
    const request = { username: reader, followee: author, requestId: randomUUID() };
    const rpc = kind === 'follow' ? 'Follow' : 'Unfollow';
    const answer = await this.desk.ask(`everline.sns.v1.SnsService/${rpc}`, request);
    const outcome =
      answer.kind === 'done'
        ? 'acknowledged'
        : answer.kind === 'refused' && answer.tries === 1
          ? 'refused'
          : 'unknown';
    const endedMs = outcome === 'unknown' ? Number.POSITIVE_INFINITY : performance.now();
    const change: ChangeRecord = { kind, reader, author, begunMs, endedMs, outcome };
    this.changes.push(change);
    return change;
  }
}
