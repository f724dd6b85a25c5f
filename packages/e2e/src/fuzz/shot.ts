import { constants } from 'node:http2';
import { answerOf, framed, openSession, openStream, type RawAnswer } from '../wire/raw.js';
import type { AnyMethod } from '../wire/schema.js';
import type { Chance } from './chance.js';
import { damaged, someMessage } from './messages.js';

export interface Shot {
  readonly method: AnyMethod;
  readonly messages: readonly Buffer[];
  readonly metadata: Readonly<Record<string, string>>;
  /** How the client leaves: in good order, in the middle, with a reset, or not at all until the deadline. */
  readonly leave: 'end' | 'cut' | 'reset' | 'wait';
}

const patienceMs = 1_500;

export function someShot(methods: readonly AnyMethod[], chance: Chance, words: readonly string[]): Shot {
  const method = chance.pick(methods);
  const amount = method.requestStream ? chance.below(6) : chance.percent(90) ? 1 : chance.below(3);
  const messages = Array.from({ length: amount }, () => {
    // On a stream also what belongs to another call.
    const { request } = chance.percent(95) ? method : chance.pick(methods);
    return damaged(
      Buffer.from(request.encode(request.fromObject(someMessage(request, chance, words))).finish()),
      chance,
    );
  });
  const metadata = chance.percent(90) ? {} : someMetadata(chance);
  return { method, messages, metadata, leave: chance.pick(['end', 'end', 'end', 'cut', 'reset', 'wait']) };
}

/** Undefined: the client left before it could hear an answer, or none was due yet. */
export async function fire(address: string, shot: Shot): Promise<RawAnswer | undefined> {
  const session = openSession(address);
  try {
    const stream = openStream(session, shot.method.path, shot.metadata);
    const bytes = Buffer.concat(shot.messages.map((message) => framed(message)));
    if (shot.leave === 'cut') {
      stream.write(bytes.subarray(0, Math.ceil(bytes.length / 2)));
      await new Promise((resolve) => setImmediate(resolve));
      return undefined;
    }
    const answer = answerOf(stream);
    if (shot.leave === 'end') stream.end(bytes);
    else stream.write(bytes);
    if (shot.leave === 'reset') stream.close(constants.NGHTTP2_CANCEL);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), shot.leave === 'wait' ? 50 : patienceMs);
    });
    return await Promise.race([answer, late]).finally(() => clearTimeout(timer));
  } finally {
    session.destroy();
  }
}

const internal = '13';
const unknown = '2';
const bare = new Set(['0', '1', '4', '12']);

/** What is wrong with an answer; undefined: nothing. Every refusal has a reason, but for those whose code says it all. */
export function faultOf({ status, reason }: RawAnswer): string | undefined {
  if (status.startsWith('closed')) return undefined;
  if (status === internal || status === unknown) return `ended with status ${status}, reason ${reason}`;
  if (!bare.has(status) && reason === undefined) return `ended with status ${status} and no reason`;
  return undefined;
}

/** Thousands of keys, or one that is very long. */
function someMetadata(chance: Chance): Readonly<Record<string, string>> {
  const amount = chance.pick([1, 50, 2_000]);
  const length = amount === 1 ? chance.pick([10, 9_000, 60_000]) : 10;
  return Object.fromEntries(
    Array.from({ length: amount }, (_, index) => [`x-${index}-${chance.below(1_000)}`, 'v'.repeat(length)]),
  );
}

/** Frames that begin like HTTP/2 and go on as they like. */
export function someFrames(chance: Chance): Buffer {
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  const frames = Array.from({ length: 1 + chance.below(20) }, () => {
    const payload = chance.bytes(chance.below(60));
    const head = Buffer.alloc(9);
    head.writeUIntBE(chance.percent(90) ? payload.length : chance.below(2 ** 24), 0, 3);
    head.writeUInt8(chance.below(12), 3);
    head.writeUInt8(chance.below(256), 4);
    head.writeUInt32BE(chance.pick([0, 1, 1, 3, 5, 2, 2 ** 31 - 1]), 5);
    return Buffer.concat([head, payload]);
  });
  const parts = chance.percent(90) ? [preface, settings, ...frames] : [chance.bytes(24), ...frames];
  return Buffer.concat(parts);
}
