// The services of a master that is available by decree, over a real store and real gRPC: what it appends is committed when it is flushed.
import {
  callUnary,
  createRpcServer,
  openChannel,
  type RpcChannel,
  type RpcServer,
  systemClock,
  systemRandom,
  type UnaryMethod,
} from '@everline/chassis';
import { csce438, SnsServiceClient, SnsServiceService } from '@everline/contracts';
import { originalHandlers } from '../../src/csce438/service.js';
import { Moved, notAvailableHere } from '../../src/errors.js';
import { Sessions } from '../../src/sessions.js';
import type { Answer, Reign, Role } from '../../src/sns/role.js';
import { snsHandlers } from '../../src/sns/service.js';
import { encodeCommand } from '../../src/state/command.js';
import type { Draft } from '../../src/state/draft.js';
import { encodeEntry } from '../../src/store/journal-entry.js';
import type { Store } from '../../src/store/store.js';
import { cursorsOf, type Realm } from '../../src/timeline/cursor.js';
import { Timelines } from '../../src/timeline/live.js';
import { silent } from '../cluster/chassis.js';
import { opened, temporaryFolder } from '../store/temporary.js';

export const elsewhere = '127.0.0.1:9';

export class LoneMaster implements AsyncDisposable {
  readonly store: Store;
  readonly timelines: Timelines;
  realm: Realm = { clusterId: 'here', history: 1 };
  readonly #sessions: Sessions;
  readonly #server: RpcServer;
  readonly #listeners = new Set<() => void>();
  #epoch = 0;
  #reign: { readonly served: Reign; readonly end: (moved: Moved) => void } | undefined;
  #channel: RpcChannel | undefined;

  private constructor(store: Store) {
    this.store = store;
    const { view } = store;
    const reigns = (): boolean => this.#reign !== undefined;
    const role: Role = {
      get reigns() {
        return reigns();
      },
      available: () => {
        if (this.#reign === undefined) throw notAvailableHere(elsewhere, this.#epoch + 1);
        return this.#reign.served;
      },
      settled: () => Promise.resolve(),
      onChange: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
    const context = { view, clock: systemClock, random: systemRandom };
    this.timelines = new Timelines({ ...context, beatMs: 20 });
    this.#sessions = new Sessions({ ...context, role, log: silent });
    const { timelines } = this;
    const services = { ...context, role, timelines, sessions: this.#sessions, realm: () => this.realm };
    this.#server = createRpcServer({ log: silent, clock: systemClock });
    this.#server.add(SnsServiceService, snsHandlers(services));
    this.#server.add(csce438.SNSServiceService, originalHandlers(services));
  }

  static async start(): Promise<LoneMaster> {
    const master = new LoneMaster(await opened(temporaryFolder()));
    const { port } = await master.#server.listen('127.0.0.1:0');
    master.#channel = openChannel(`127.0.0.1:${port}`);
    master.beginReign();
    return master;
  }

  get channel(): RpcChannel {
    if (this.#channel === undefined) throw new Error('it is not started');
    return this.#channel;
  }

  get sns(): SnsServiceClient {
    return this.channel.client(SnsServiceClient);
  }

  get original(): csce438.SNSServiceClient {
    return this.channel.client(csce438.SNSServiceClient);
  }

  beginReign(): void {
    const epoch = ++this.#epoch;
    const ended = new AbortController();
    const served: Reign = {
      epoch,
      ended: ended.signal,
      propose: (draft) => this.#propose(draft, epoch),
      proposeFor: (draft, waiter) => {
        this.#propose(draft, epoch).then(
          (answer) => waiter.answered(answer),
          (error: unknown) => waiter.failed(error),
        );
      },
      read: async (look) => look(),
      committedSeq: () => this.store.positions().appliedSeq,
    };
    this.#reign = { served, end: (moved) => ended.abort(moved) };
    this.timelines.begin(cursorsOf(this.realm, epoch), this.store.positions().appliedSeq);
    for (const listener of this.#listeners) listener();
  }

  endReign(): void {
    const reign = this.#reign;
    this.#reign = undefined;
    reign?.end(new Moved(elsewhere, this.#epoch + 1));
    for (const listener of this.#listeners) listener();
  }

  call<Request, Response>(method: UnaryMethod<Request, Response>, request: Request): Promise<Response> {
    return callUnary(method, request, { deadlineMs: 5_000 });
  }

  async login(...names: readonly string[]): Promise<void> {
    for (const username of names)
      await this.#propose({ kind: 'login', id: systemRandom.uuid(), username }, this.#epoch);
  }

  async follow(username: string, ...followees: readonly string[]): Promise<void> {
    for (const followee of followees) {
      await this.#propose({ kind: 'follow', id: systemRandom.uuid(), username, followee }, this.#epoch);
    }
  }

  async unfollow(username: string, followee: string): Promise<void> {
    await this.#propose({ kind: 'unfollow', id: systemRandom.uuid(), username, followee }, this.#epoch);
  }

  async post(author: string, ...texts: readonly string[]): Promise<void> {
    const drafts = texts.map((text): Draft => ({ kind: 'post', id: systemRandom.uuid(), author, text }));
    await Promise.all(drafts.map((draft) => this.#propose(draft, this.#epoch)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sessions[Symbol.dispose]();
    this.endReign();
    this.#channel?.[Symbol.dispose]();
    await this.#server.drain(1_000);
  }

  async #propose(draft: Draft, epoch: number): Promise<Answer> {
    const known = this.store.answerTo(draft);
    if (known !== undefined) return { outcome: known, copies: 1 };
    const { lastSeq } = this.store.positions();
    const atMs = Math.max(this.store.lastAtMs(), systemClock.wallMs());
    const entry = encodeEntry(lastSeq + 1, epoch, encodeCommand(draft, { seq: lastSeq + 1, atMs }));
    await this.store.append([entry]);
    const applied = this.#applyTo(entry.seq);
    const own = applied.find(({ seq }) => seq === entry.seq) ?? this.#late.get(entry.seq);
    this.#late.delete(entry.seq);
    if (own === undefined) throw new Error(`entry ${entry.seq} was not applied`);
    return { outcome: own.outcome, copies: 1 };
  }

  /** Flushed together, applied together: the outcomes of the others wait here for them. */
  readonly #late = new Map<number, ReturnType<Store['apply']>[number]>();

  #applyTo(seq: number): ReturnType<Store['apply']> {
    const { appliedSeq } = this.store.positions();
    const entries = this.store.read(appliedSeq + 1, 1_000_000).filter((entry) => entry.seq <= seq);
    const applied = this.store.apply(entries);
    for (const one of applied) if (one.seq !== seq) this.#late.set(one.seq, one);
    this.timelines.publish(applied);
    return applied;
  }
}
