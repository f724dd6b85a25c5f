import type {
  CallOptions,
  Client,
  CommandOptions,
  ConnectOptions,
  ForceOptions,
  Listing,
  LoggedIn,
  LoginOptions,
  Posted,
  PostOptions,
  PostsOptions,
  TimelinePage,
} from './client.js';
import { describe } from './cluster/describe.js';
import { forceAvailable } from './cluster/force-available.js';
import type { ClusterStatus } from './cluster/status.js';
import { type SwitchedOver, switchover } from './cluster/switchover.js';
import type { Context } from './context.js';
import type { Refused } from './errors.js';
import { inFlightOf } from './options.js';
import { faultOfText } from './posting/check-text.js';
import { Express } from './posting/express.js';
import type { PostDraft, PostOutcome } from './posting/outcome.js';
import { Pipeline } from './posting/pipeline.js';
import { Session } from './sessions/session.js';
import type { ReadTimelineOptions, Timeline, TimelineOptions } from './timeline/event.js';
import { Feed } from './timeline/feed.js';
import { times } from './times.js';
import { follow } from './verbs/follow.js';
import { list } from './verbs/list.js';
import { login } from './verbs/login.js';
import { logout } from './verbs/logout.js';
import { readTimeline } from './verbs/read-timeline.js';
import { unfollow } from './verbs/unfollow.js';

const defaultInFlight = 64;

/** Who the user is, and which session is kept alive; the work is done by one file per verb. */
export class EverlineClient implements Client {
  readonly #context: Context;
  readonly #onSessionLost: ((why: Refused) => void) | undefined;
  readonly #dispose: () => void;
  #user: string | undefined;
  #session: Session | undefined;
  #express: Express | undefined;
  #closing: Promise<void> | undefined;

  constructor(context: Context, options: ConnectOptions, dispose: () => void) {
    this.#context = context;
    this.#user = options.user;
    this.#onSessionLost = options.onSessionLost;
    this.#dispose = dispose;
  }

  get user(): string | undefined {
    return this.#user;
  }

  get master(): { readonly address: string; readonly epoch: number } | undefined {
    const { place } = this.#context.masters;
    return place === undefined ? undefined : { address: place.address, epoch: place.epoch };
  }

  async login(name?: string, options: LoginOptions = {}): Promise<LoggedIn> {
    const username = name ?? this.#named();
    const answer = await login(this.#context, username, options);
    this.#user = username;
    const { sessionId } = answer;
    if (options.exclusive === true && sessionId !== undefined) await this.#keep({ username, sessionId });
    return answer;
  }

  async logout(options?: CallOptions): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    await session.end();
    await logout(this.#context, session.username, session.sessionId, options);
  }

  async post(text: string, options?: PostOptions): Promise<Posted> {
    const username = this.#named();
    const fault = faultOfText(text);
    if (fault !== undefined) throw fault;
    if (this.#express?.username !== username) this.#express = new Express(this.#context, username);
    return this.#express.post(text, options);
  }

  posts(
    drafts: AsyncIterable<PostDraft> | Iterable<PostDraft>,
    options: PostsOptions = {},
  ): AsyncIterable<PostOutcome> {
    const inFlight = inFlightOf(options.inFlight ?? defaultInFlight);
    return new Pipeline(this.#context, this.#named(), drafts, { ...options, inFlight });
  }

  async follow(name: string, options?: CommandOptions): Promise<void> {
    return follow(this.#context, this.#named(), name, options);
  }

  async unfollow(name: string, options?: CommandOptions): Promise<void> {
    return unfollow(this.#context, this.#named(), name, options);
  }

  async list(options?: CallOptions): Promise<Listing> {
    return list(this.#context, this.#named(), options);
  }

  async readTimeline(options?: ReadTimelineOptions): Promise<TimelinePage> {
    return readTimeline(this.#context, this.#named(), options);
  }

  timeline(options: TimelineOptions = {}): Timeline {
    return new Feed(this.#context, this.#named(), options);
  }

  async cluster(options?: CallOptions): Promise<ClusterStatus> {
    return describe(this.#context, options);
  }

  async switchover(toMasterId = '', options?: CallOptions): Promise<SwitchedOver> {
    return switchover(this.#context, toMasterId, options);
  }

  async forceAvailable(masterId: string, options: ForceOptions): Promise<void> {
    return forceAvailable(this.#context, masterId, options);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    try {
      // A courtesy: without it the session ends by itself.
      if (this.#context.masters.place !== undefined) await this.logout({ timeoutMs: times.partingMs });
    } catch {
      // Nobody took it in time.
    } finally {
      const session = this.#session;
      this.#session = undefined;
      this.#dispose();
      await session?.end();
    }
  }

  #named(): string {
    if (this.#user === undefined) throw new TypeError('no user is named: connect({ user }) or login(name)');
    return this.#user;
  }

  async #keep(facts: { readonly username: string; readonly sessionId: string }): Promise<void> {
    await this.#session?.end();
    if (this.#context.lifetime.closed) return;
    const session: Session = new Session(this.#context, facts, (why) => {
      if (this.#session === session) this.#session = undefined;
      const { clock } = this.#context;
      const tell = this.#onSessionLost;
      if (tell !== undefined) clock.soon(() => tell(why));
    });
    this.#session = session;
  }
}
