// The original's timeline: the first message names the user, each later one is a post; posts of others come back.
import type { BidiCallbacks, CallContext, OpenOut } from '@everline/chassis';
import { type csce438, Post } from '@everline/contracts';
import { Moved, notAvailableHere } from '../errors.js';
import { nameIn, postText } from '../sns/fields.js';
import type { Reign } from '../sns/role.js';
import { reignOf, type Services, unknownUser } from '../sns/services.js';
import { whenEnded } from '../sns/when-ended.js';
import { pageOf } from '../timeline/page.js';
import { Reader, type Sink } from '../timeline/reader.js';
import { sourcesOf } from '../timeline/sources.js';

/** Shown on entry, newest first. */
const recent = 20;
/** Posts that wait for the stream to be open, or for the ones before them. */
const mostWaiting = 256;

export function timeline(services: Services): BidiCallbacks<csce438.Message, csce438.Message> {
  return {
    open(context, out, intake) {
      let opened: Promise<Opened> | undefined;
      let waiting = 0;
      let last: Promise<unknown> = Promise.resolve();
      const abort = new AbortController();
      const post = async (text: string): Promise<void> => {
        const { reign, username } = await (opened as Promise<Opened>);
        const { random, clock } = services;
        await reign.propose(
          { kind: 'post', id: random.uuidv7(clock.wallMs()), author: username, text },
          abort.signal,
        );
      };
      return {
        onMessage(message) {
          if (opened === undefined) {
            opened = begin(services, context, out, message.username);
            opened.catch((error: unknown) => out.fail(error));
            return;
          }
          const text = message.msg.replace(/\n$/, '');
          if (text === '') return;
          postText(text);
          if (++waiting >= mostWaiting) intake.pause();
          last = last
            .then(() => post(text))
            .then(() => {
              waiting--;
              intake.resume();
            });
          last.catch((error: unknown) => out.fail(error));
        },
        onEnd: () =>
          void last.then(
            () => out.end(),
            () => undefined,
          ),
        onReady: () =>
          void opened?.then(
            ({ reader }) => reader.resume(),
            () => undefined,
          ),
        onClosed() {
          abort.abort();
          opened?.then(
            ({ close }) => close(),
            () => undefined,
          );
        },
      };
    },
  };
}

interface Opened {
  readonly username: string;
  readonly reign: Reign;
  readonly reader: Reader;
  readonly close: () => void;
}

async function begin(
  services: Services,
  context: CallContext,
  out: OpenOut<csce438.Message>,
  name: string,
): Promise<Opened> {
  const { view, timelines } = services;
  const username = nameIn('username', name);
  const reign = await reignOf(services, context);
  const reader = new Reader({ timelines, username, includeOwn: false, sink: sinkOf(out) });
  const look = (): void => {
    if (!view.hasUser(username)) throw unknownUser(username);
    const page = pageOf(view, sourcesOf(view, username, false), Number.MAX_SAFE_INTEGER, recent);
    for (const { bytes } of page.entries) out.write(messageOf(bytes));
    reader.beginAfter(timelines.appliedSeq);
  };
  await timelines.past.run(() => reign.read(look));
  const ended = (): void => {
    const { reason } = reign.ended;
    out.fail(reason instanceof Moved ? notAvailableHere(reason.address, reason.epoch) : reason);
  };
  context.onAborted((reason) => out.fail(reason));
  const unlisten = whenEnded(reign.ended, ended);
  const close = (): void => {
    unlisten();
    reader.close();
  };
  return { username, reign, reader, close };
}

/** The original has neither cursors nor heartbeats: only posts. */
function sinkOf(out: OpenOut<csce438.Message>): Sink {
  return {
    entries: (links) => links.map(({ core }) => out.write(messageOf(core.post))).at(-1) ?? true,
    caughtUp: () => true,
    heartbeat: () => true,
    moved: () => undefined,
    ready: () => out.ready(),
    get pending() {
      return out.pending;
    },
    fail: (error) => out.fail(error),
  };
}

function messageOf(bytes: Uint8Array): csce438.Message {
  const { author, text, postedAt } = Post.decode(bytes);
  return { username: author, msg: text, timestamp: postedAt };
}
