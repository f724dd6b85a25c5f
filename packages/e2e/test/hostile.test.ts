import { randomBytes, randomUUID } from 'node:crypto';
import type { ClientHttp2Session } from 'node:http2';
import { beforeAll, describe, expect } from '@jest/globals';
import { askAvailable } from '../src/clients/ask.js';
import { Crowd } from '../src/clients/crowd.js';
import { ending } from '../src/clients/ending.js';
import { Cluster } from '../src/cluster/cluster.js';
import { endAfterAll } from '../src/cluster/for-all.js';
import { eventually } from '../src/eventually.js';
import { isAlive, type ProcessEntry, residentMegabytes } from '../src/processes/census.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';
import { answerOf, framed, openSession, openStream, rawCall, sendGarbage } from '../src/wire/raw.js';
import { encodeMessage } from '../src/wire/schema.js';

const run = new Run('hostile');
let cluster: Cluster;
let before: ProcessEntry[];

beforeAll(async () => {
  cluster = await Cluster.start(run, {
    masters: 2,
    guarded: false,
    routerFlags: ['--suspicion-ms', '10000'],
    masterFlags: ['--suspicion-ms', '10000', '--lag-ms', '10000'],
  });
  before = cluster.members.map((member) => member.process());
  await askAvailable(cluster, 'everline.sns.v1.SnsService/Login', { username: 'good' });
}, 90_000);

endAfterAll(run, () => cluster?.close());

const snsPost = '/everline.sns.v1.SnsService/Post';
const snsTimeline = '/everline.sns.v1.SnsService/Timeline';
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** The same processes, the same reign, and the next good call is answered. */
async function allIsWell(): Promise<void> {
  expect(before.filter((entry) => !isAlive(entry)).map(({ argv }) => argv)).toEqual([]);
  const request = { username: 'good', postId: randomUUID(), text: 'still here' };
  const { post } = await askAvailable(cluster, 'everline.sns.v1.SnsService/Post', request);
  expect(post.text).toBe('still here');
  const described = await cluster.untilRedundant();
  expect(described.epoch).toBe(1);
}

describe('Garbage', () => {
  const garbage: Record<string, () => Buffer> = {
    'random bytes': () => randomBytes(4_096),
    'an HTTP/1.1 request': () => Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    'a TLS greeting': () =>
      Buffer.concat([Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]), randomBytes(508)]),
    'half a preface': () => preface.subarray(0, 10),
    'a preface, then random bytes': () => Buffer.concat([preface, randomBytes(8_192)]),
    'a frame that claims 16 MB': () =>
      Buffer.concat([preface, Buffer.from([0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1])]),
    'settings without end': () =>
      Buffer.concat([preface, ...Array(5_000).fill(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]))]),
    zeros: () => Buffer.alloc(65_536),
  };

  scenario(
    'bytes of every kind on any port: the process lives and answers the next good call',
    async () => {
      for (const make of Object.values(garbage))
        await Promise.all(
          cluster.members.flatMap(({ address }) =>
            Array.from({ length: 5 }, () => sendGarbage(address, make())),
          ),
        );
      await allIsWell();
    },
    60_000,
    () => cluster,
  );

  scenario(
    'a message that is no message is refused, with a code and for that caller alone',
    async () => {
      const { address } = await cluster.getAvailable();
      const text = Buffer.from([0x1a, 2, 0xc3, 0x28]);
      const cases: [string, Buffer, string[]][] = [
        ['random bytes as a message', framed(randomBytes(200)), ['3', '13']],
        ['a string that is no UTF-8', framed(text), ['3']],
        ['a field that is longer than the message', framed(Buffer.from([0x0a, 0x7f, 1])), ['3', '13']],
        ['a length of 4 GB', framed(Buffer.alloc(10), 0xffffffff), ['8', 'closed 0', 'closed 8']],
        ['a compressed message without an encoding', framed(Buffer.alloc(10), 10, 1), ['12', '13', '3']],
        ['two messages in a unary call', Buffer.concat([framed(text), framed(text)]), ['3', '12', '13']],
        ['no message at all', Buffer.alloc(0), ['3', '12', '13']],
      ];
      const wrong: unknown[] = [];
      for (const [what, body, codes] of cases) {
        const answer = await rawCall(address, snsPost, body).catch((error: Error) => ({
          status: 'none',
          message: error.message,
        }));
        if (!codes.includes(answer.status)) wrong.push({ what, answer, codes });
      }
      expect(wrong).toEqual([]);
      await allIsWell();
    },
    60_000,
    () => cluster,
  );

  scenario(
    'an oversized message is RESOURCE_EXHAUSTED, an oversized or empty post is INVALID_ARGUMENT with its limit',
    async () => {
      const { address } = await cluster.getAvailable();
      const huge = encodeMessage('everline.sns.v1.PostRequest', {
        username: 'good',
        postId: randomUUID(),
        text: 'x'.repeat(4 * 1024 * 1024 + 1),
      });
      expect((await rawCall(address, snsPost, framed(huge), 10_000)).status).toBe('8');
      for (const text of ['', 'x'.repeat(4_097), 'é'.repeat(2_049), 'bell\u0007', 'esc\u001b[2J']) {
        const call = askAvailable(cluster, 'everline.sns.v1.SnsService/Post', {
          username: 'good',
          postId: randomUUID(),
          text,
        });
        await expect(call).rejects.toMatchObject({
          codeName: 'INVALID_ARGUMENT',
          reason: 'FIELD_INVALID',
          metadata: { field: 'text' },
        });
      }
      const longest = { username: 'good', postId: randomUUID(), text: 'é'.repeat(2_048) };
      expect((await askAvailable(cluster, 'everline.sns.v1.SnsService/Post', longest)).post.text).toBe(
        longest.text,
      );
      await allIsWell();
    },
    60_000,
    () => cluster,
  );

  scenario(
    'an unknown method, an unknown service and a path that is none are UNIMPLEMENTED in every role',
    async () => {
      for (const { address } of cluster.members)
        for (const path of ['/everline.sns.v1.SnsService/Nothing', '/no.such.Service/Call', '/', '/x/y/z']) {
          const { status } = await rawCall(address, path, framed(Buffer.alloc(0)));
          expect({ address, path, status }).toMatchObject({ status: '12' });
        }
      await allIsWell();
    },
    60_000,
    () => cluster,
  );
});

describe('Too many', () => {
  scenario(
    '10,000 idle streams: each is served or refused with RESOURCE_EXHAUSTED, people go on posting, and memory comes back',
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 4, readers: 1, prefix: 'idle-' });
      crowd.startPosting({ everyMs: 20 });
      const master = await cluster.available();
      const sessions: ClientHttp2Session[] = [];
      const refused = new Map<string, number>();
      let open = 0;
      for (let connection = 0; connection < 100; connection += 1) {
        const session = openSession(master.address);
        sessions.push(session);
        for (let number = 0; number < 100; number += 1) {
          const stream = openStream(session, snsTimeline);
          stream.write(
            framed(
              encodeMessage('everline.sns.v1.TimelineRequest', { open: { username: 'good', recent: -1 } }),
            ),
          );
          open += 1;
          void answerOf(stream).then(({ status }) => {
            open -= 1;
            refused.set(status, (refused.get(status) ?? 0) + 1);
          });
        }
        if (connection % 20 === 19) await crowd.untilAcknowledged(20, 30_000);
      }
      await crowd.untilAcknowledged(100, 30_000);
      expect([...refused.keys()].filter((status) => status !== '8')).toEqual([]);
      for (const session of sessions) session.destroy();
      await eventually(() => open === 0, 30_000, 'every stream is over');
      await crowd.untilAcknowledged(100);
      const { pid } = master.process();
      await eventually(
        () => residentMegabytes(pid) < 400,
        30_000,
        () => `memory is bounded: ${residentMegabytes(pid)} MB`,
      );
      await ending(crowd);
      await allIsWell();
    },
    120_000,
    () => cluster,
  );

  scenario(
    'connections that say nothing are no reason to refuse one that does',
    async () => {
      const silent = cluster.members.flatMap(({ address }) =>
        Array.from({ length: 200 }, () => sendGarbage(address, Buffer.alloc(0), 3_000)),
      );
      await allIsWell();
      await Promise.all(silent);
      await allIsWell();
    },
    60_000,
    () => cluster,
  );
});
