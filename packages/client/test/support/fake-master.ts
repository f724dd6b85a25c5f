import { systemClock } from '@everline/chassis';
import {
  type OpenTimeline,
  type PostRequest,
  type PostResponse,
  type SnsServiceServer,
  SnsServiceService,
  type TimelineRequest,
  type TimelineResponse,
} from '@everline/contracts';
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type StatusObject,
  type sendUnaryData,
  type status,
} from '@grpc/grpc-js';
import type { FakeJournal } from './fake-journal.js';
import { Front } from './front.js';
import { refusal } from './refuse.js';

type Stream = ServerDuplexStream<TimelineRequest, TimelineResponse>;
type Post = (call: ServerUnaryCall<PostRequest, PostResponse>, done: sendUnaryData<PostResponse>) => void;

/** A master written by hand: real gRPC on port 0 behind a `Front`; every answer can be replaced. */
export class FakeMaster {
  readonly journal: FakeJournal;
  readonly front: Front;
  readonly #server: Server;
  /** Undefined: refuses with NOT_AVAILABLE_MASTER and this hint. */
  available = true;
  hint: { address: string; epoch: string } | undefined;
  /** Replaces the answer to a post. */
  onPost: Post | undefined;
  /** Replaces what is done with a streamed post; 'taken': nothing else. */
  onStreamedPost: ((id: string, text: string, stream: Stream) => 'taken' | 'go on') | undefined;
  /** Replaces the serving of a timeline. */
  onTimeline: ((open: OpenTimeline, stream: Stream) => void) | undefined;
  readonly opened: OpenTimeline[] = [];
  /** Streams that were opened ahead and wait for this master's turn, with what serves them then. */
  readonly lying = new Map<Stream, () => void>();
  readonly streams = new Set<Stream>();
  readonly logins: { username: string; sessionId: string; requestId: string }[] = [];
  onLogin: (() => StatusObject | undefined) | undefined;
  /** The session ids of every login that came, also of refused ones. */
  readonly tried: string[] = [];
  holdLogins: ((answer: () => void) => void) | undefined;
  /** Logins and logouts as they were answered. */
  readonly order: string[] = [];
  readonly logouts: string[] = [];
  readonly requestIds: string[] = [];
  onFollow: (() => StatusObject | 'hold' | undefined) | undefined;
  posted = 0;
  /** With posts, on streams. */
  messages = 0;
  heartbeats = true;

  private constructor(journal: FakeJournal, server: Server, front: Front) {
    this.journal = journal;
    this.#server = server;
    this.front = front;
  }

  static async start(journal: FakeJournal): Promise<FakeMaster> {
    const server = new Server();
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    const master = new FakeMaster(journal, server, await Front.before(port));
    server.addService(SnsServiceService, master.#handlers());
    return master;
  }

  get address(): string {
    return this.front.address;
  }

  /** Says in every stream where the role has gone, and serves no more. */
  move(to: string, epoch: number): void {
    this.available = false;
    this.hint = { address: to, epoch: String(epoch) };
    for (const stream of this.streams) {
      stream.write({ response: { $case: 'moved', value: { address: to, epoch: BigInt(epoch) } } });
      stream.emit('error', refusal('ROLE_MOVED', { metadata: this.hint }));
    }
  }

  /** This master is the available one from here on. */
  takeTurn(): void {
    for (const serve of [...this.lying.values()]) serve();
  }

  endStreams(how: Partial<StatusObject>): void {
    for (const stream of this.streams) stream.emit('error', how);
  }

  async stop(): Promise<void> {
    this.#server.forceShutdown();
    await this.front.kill().catch(() => {});
  }

  #notAvailable(): StatusObject | undefined {
    if (this.available) return undefined;
    return refusal('NOT_AVAILABLE_MASTER', this.hint === undefined ? {} : { metadata: this.hint });
  }

  #handlers(): SnsServiceServer {
    const unless = (no: StatusObject | undefined, done: sendUnaryData<never>, work: () => void): void => {
      if (no === undefined) work();
      else done(no as never);
    };
    return {
      login: ({ request }, done) => {
        this.tried.push(request.sessionId);
        unless(this.#notAvailable() ?? this.onLogin?.(), done, () => {
          const { username, requestId } = request;
          this.logins.push({ username, sessionId: request.sessionId, requestId });
          const answer = (): void => {
            this.order.push('login');
            done(null, { sessionId: request.sessionId, created: true, token: '' });
          };
          if (this.holdLogins === undefined) answer();
          else this.holdLogins(answer);
        });
      },
      logout: ({ request }, done) =>
        unless(this.#notAvailable(), done, () => {
          this.logouts.push(request.sessionId);
          this.order.push('logout');
          done(null, {});
        }),
      follow: ({ request }, done) => {
        this.requestIds.push(request.requestId);
        const no = this.#notAvailable() ?? this.onFollow?.();
        if (no === 'hold') return;
        unless(no, done, () => done(null, {}));
      },
      unfollow: (_call, done) => unless(this.#notAvailable(), done, () => done(null, {})),
      list: ({ request }, done) =>
        unless(this.#notAvailable(), done, () => {
          const second = request.pageToken === 'second';
          const allUsers = second ? ['u3'] : ['u1', 'u2'];
          done(null, { allUsers, followers: [], following: [], nextPageToken: second ? '' : 'second' });
        }),
      post: (call, done) => {
        this.posted++;
        if (this.onPost !== undefined) return this.onPost(call, done);
        unless(this.#notAvailable(), done, () => {
          const { postId, username, text } = call.request;
          done(null, { post: this.journal.append(postId, username, text), copies: 2 });
        });
      },
      readTimeline: ({ request }, done) =>
        unless(this.#notAvailable(), done, () => {
          const entries = this.journal
            .from(0)
            .reverse()
            .slice(0, request.pageSize === 0 ? 20 : request.pageSize);
          done(null, { entries, nextBefore: '' });
        }),
      timeline: (stream: Stream) => this.#timeline(stream),
    };
  }

  #timeline(stream: Stream): void {
    this.streams.add(stream);
    stream.on('close', () => this.streams.delete(stream));
    stream.on('cancelled', () => this.streams.delete(stream));
    stream.on('error', () => this.streams.delete(stream));
    let author = '';
    stream.on('data', ({ request }: TimelineRequest) => {
      if (request?.$case === 'open') {
        author = request.value.username;
        if (request.value.ahead) return this.#lie(request.value, stream);
        const no = this.#notAvailable();
        if (no !== undefined) return void stream.emit('error', no);
        this.opened.push(request.value);
        if (this.onTimeline !== undefined) return this.onTimeline(request.value, stream);
        this.serve(request.value, stream);
      }
      if (request?.$case !== 'posts') return;
      this.messages++;
      for (const { postId, text } of request.value.posts) this.#streamed(postId, author, text, stream);
    });
  }

  #lie(open: OpenTimeline, stream: Stream): void {
    this.streams.delete(stream);
    stream.pause();
    for (const event of ['close', 'cancelled', 'error']) stream.on(event, () => this.lying.delete(stream));
    this.lying.set(stream, () => {
      this.lying.delete(stream);
      this.streams.add(stream);
      stream.resume();
      this.serve(open, stream);
    });
  }

  #streamed(postId: string, author: string, text: string, stream: Stream): void {
    if (!this.streams.has(stream)) return;
    if (this.onStreamedPost?.(postId, text, stream) === 'taken') return;
    const post = this.journal.append(postId, author, text);
    const results = [{ postId, result: { $case: 'post', value: post }, copies: 2 } as const];
    stream.write({ response: { $case: 'results', value: { results } } });
  }

  /** Backfill, caught up, live, heartbeats. */
  serve({ after, recent }: OpenTimeline, stream: Stream): void {
    const { journal } = this;
    const newest = recent < 0 ? 0 : recent === 0 ? 20 : recent;
    const from = after === '' ? Math.max(0, journal.posts.length - newest) : Number(after.slice(1));
    const entries = journal.from(from);
    if (entries.length > 0) stream.write({ response: { $case: 'entries', value: { entries } } });
    stream.write({ response: { $case: 'caughtUp', value: { cursor: journal.cursor } } });
    const unwatch = journal.watch((entry) => {
      if (this.streams.has(stream)) {
        stream.write({ response: { $case: 'entries', value: { entries: [entry] } } });
      }
    });
    const stopBeats = systemClock.every(100, () => {
      if (!this.streams.has(stream)) {
        stopBeats();
        unwatch();
      } else if (this.heartbeats) {
        stream.write({ response: { $case: 'heartbeat', value: { cursor: journal.cursor } } });
      }
    });
  }
}

export function deny(code: status, details: string): Partial<StatusObject> {
  return { code, details };
}
