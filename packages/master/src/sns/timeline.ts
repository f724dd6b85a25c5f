// The live timeline: entries go out as they come, posts come in on the same stream and are answered in their order.
import type { BidiCallbacks, CallContext, Intake, OpenOut } from '@everline/chassis';
import type { OpenTimeline, TimelineRequest, TimelineResponse } from '@everline/contracts';
import { Moved, notAvailableHere, refusal } from '../errors.js';
import { seqOfCursor } from '../timeline/cursor.js';
import { Reader } from '../timeline/reader.js';
import { idIn, invalid, nameIn } from './fields.js';
import type { Reign } from './role.js';
import { reignOf, type Services, unknownUser } from './services.js';
import { StreamedPosts } from './streamed-posts.js';
import { TimelineSink } from './timeline-sink.js';
import { whenEnded } from './when-ended.js';

const standardRecent = 20;
const mostRecent = 1_000;

export function timeline(services: Services): BidiCallbacks<TimelineRequest, TimelineResponse> {
  return {
    open(context, out, intake) {
      const stream = new TimelineStream(services, context, out, intake);
      return {
        onMessage: ({ request }) => {
          if (request?.$case === 'open') stream.open(request.value);
          else if (request?.$case === 'post') stream.posts.take(request.value);
          else if (request?.$case === 'posts') stream.posts.takeAll(request.value.posts);
          else throw invalid('request', '`open` first, then `post` or `posts`');
        },
        onEnd: () => stream.finish(),
        onReady: () => stream.resume(),
        onClosed: () => stream.close(),
      };
    },
  };
}

class TimelineStream {
  readonly #services: Services;
  readonly #context: CallContext;
  readonly #out: OpenOut<TimelineResponse>;
  readonly #intake: Intake;
  #reader: Reader | undefined;
  #posts: StreamedPosts | undefined;
  #opened = false;
  #closed = false;
  #unlisten: () => void = () => undefined;
  #release: () => void = () => undefined;

  constructor(services: Services, context: CallContext, out: OpenOut<TimelineResponse>, intake: Intake) {
    this.#services = services;
    this.#context = context;
    this.#out = out;
    this.#intake = intake;
  }

  open(request: OpenTimeline): void {
    if (this.#opened) throw invalid('request', '`open` once, as the first request');
    this.#opened = true;
    const username = nameIn('username', request.username);
    if (request.recent < -1 || request.recent > mostRecent) throw invalid('recent', `-1 to ${mostRecent}`);
    if (request.onlyPosts && (request.after !== '' || request.recent > 0))
      throw invalid('only_posts', 'neither `after` nor `recent` with it');
    if (request.ahead && !request.onlyPosts) throw invalid('ahead', 'only with `only_posts`');
    const sessionId = request.sessionId === '' ? '' : idIn('session_id', request.sessionId);
    this.#intake.pause();
    this.#begin(request, username, sessionId).catch((error: unknown) => this.#out.fail(error));
  }

  get posts(): StreamedPosts {
    if (this.#posts === undefined) throw invalid('request', '`open` as the first request');
    return this.#posts;
  }

  /** The client sends no more; it may well go on reading. */
  finish(): void {
    if (!this.#opened) this.#out.end();
  }

  resume(): void {
    this.#reader?.resume();
    this.#posts?.resume();
  }

  close(): void {
    this.#closed = true;
    this.#unlisten();
    this.#release();
    this.#posts?.close();
    this.#reader?.close();
  }

  async #begin(request: OpenTimeline, username: string, sessionId: string): Promise<void> {
    const { view, timelines, sessions, realm } = this.#services;
    this.#context.onAborted((reason) => this.#out.fail(reason));
    if (request.ahead) await this.#untilAvailable();
    const reign = await reignOf(this.#services, this.#context);
    const look = (): void => {
      if (this.#closed) return;
      if (!view.hasUser(username)) throw unknownUser(username);
      if (sessionId !== '') {
        if (view.sessionOf(username) !== sessionId) throw refusal('SESSION_UNKNOWN');
        this.#release = sessions.hold(sessionId);
      }
      const sink = new TimelineSink(this.#out);
      const reader = new Reader({ timelines, username, includeOwn: request.includeOwn, sink });
      this.#reader = reader;
      if (request.onlyPosts) reader.beginOnlyPosts();
      else if (request.after !== '')
        reader.beginAfter(seqOfCursor(request.after, realm(), reign.committedSeq()));
      else
        reader.beginRecent(
          request.recent === -1 ? 0 : request.recent === 0 ? standardRecent : request.recent,
        );
    };
    await timelines.past.run(() => reign.read(look));
    if (this.#closed) return;
    this.#posts = new StreamedPosts({ username, reign, out: this.#out, intake: this.#intake });
    this.#whenEnded(reign);
    this.#intake.resume();
  }

  /** For as long as the stream is open. */
  #untilAvailable(): Promise<void> {
    const { role } = this.#services;
    return new Promise((resolve) => {
      const look = (): void => {
        if (!role.reigns) return;
        this.#unlisten();
        resolve();
      };
      this.#unlisten = role.onChange(look);
      look();
    });
  }

  #whenEnded(reign: Reign): void {
    const ended = (): void => {
      const { reason } = reign.ended;
      const to = reason instanceof Moved ? reason : new Moved('', reign.epoch);
      this.#reader?.move(
        to,
        refusal('ROLE_MOVED', to.message, { address: to.address, epoch: String(to.epoch) }),
      );
      this.#out.fail(notAvailableHere(to.address, to.epoch));
    };
    this.#unlisten = whenEnded(reign.ended, ended);
  }
}
