import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect } from '@jest/globals';
import { askAvailable } from '../src/clients/ask.js';
import { Crowd } from '../src/clients/crowd.js';
import { ending } from '../src/clients/ending.js';
import { Cluster } from '../src/cluster/cluster.js';
import { endAfterAll } from '../src/cluster/for-all.js';
import { Chance, fuzzMs } from '../src/fuzz/chance.js';
import { faultOf, fire, someFrames, someShot } from '../src/fuzz/shot.js';
import { isAlive, type ProcessEntry, residentMegabytes } from '../src/processes/census.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';
import { sendGarbage } from '../src/wire/raw.js';
import { everyMethod } from '../src/wire/schema.js';

const run = new Run('fuzz');
const chance = new Chance();
const callsMs = fuzzMs(12);
const framesMs = fuzzMs(4);
const atOnce = 8;
/** More than any role needs at rest, less than any leak of so many calls would leave. */
const mostMegabytes = 300;
/** Users who are there, and whose every post anybody may have made: what the crowd said is counted. */
const known = ['good', 'better'];
const seeded = `FUZZ_SEED=${chance.seed}`;
let cluster: Cluster;
let before: ProcessEntry[];

beforeAll(async () => {
  process.stderr.write(`fuzz: ${seeded}\n`);
  cluster = await Cluster.start(run, { masters: 2, guarded: false, patient: true });
  before = cluster.members.map((member) => member.process());
  for (const username of known) await askAvailable(cluster, 'everline.sns.v1.SnsService/Login', { username });
}, 90_000);

endAfterAll(run, () => cluster?.close());

async function allIsWell(): Promise<void> {
  const dead = before.filter((entry) => !isAlive(entry)).map(({ argv }) => argv);
  expect({ seeded, dead }).toEqual({ seeded, dead: [] });
  const request = { username: 'good', postId: randomUUID(), text: 'still here' };
  await askAvailable(cluster, 'everline.sns.v1.SnsService/Post', request);
  const heavy = before.map(({ pid }) => residentMegabytes(pid)).filter((size) => size > mostMegabytes);
  expect({ seeded, heavy }).toEqual({ seeded, heavy: [] });
  await cluster.untilRedundant();
}

/** Several at once, until the time is over. */
async function keepOn(durationMs: number, work: () => Promise<void>): Promise<void> {
  const untilMs = performance.now() + durationMs;
  const one = async (): Promise<void> => {
    while (performance.now() < untilMs) await work();
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

describe('Whatever is sent to whatever role', () => {
  scenario(
    'messages of every method, right, wrong and damaged, in any order and cut anywhere: each answer has its code and reason, and people go on',
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 4, readers: 1, prefix: 'calm-' });
      crowd.startPosting({ everyMs: 20 });
      const { masters } = await cluster.describe();
      const words = [...known, '127.0.0.1:9', 'Set Stream', ...masters.map(({ masterId }) => masterId)];
      const methods = everyMethod();
      const faults: unknown[] = [];
      const answers = new Map<string, number>();
      await keepOn(callsMs, async () => {
        const shot = someShot(methods, chance, words);
        const member = chance.pick(cluster.members);
        const answer = await fire(member.address, shot);
        const kind = `${answer?.status} ${answer?.reason ?? ''}`.trim();
        answers.set(kind, (answers.get(kind) ?? 0) + 1);
        const fault = answer === undefined ? undefined : faultOf(answer);
        if (fault === undefined || faults.length > 20) return;
        const messages = shot.messages.map((message) => message.toString('hex').slice(0, 400));
        faults.push({ fault, at: member.name, path: shot.method.path, leave: shot.leave, messages, answer });
      });
      if (process.env.FUZZ_SECONDS !== undefined)
        process.stderr.write(`fuzz: ${JSON.stringify(Object.fromEntries(answers))}\n`);
      expect({ seeded, faults }).toEqual({ seeded, faults: [] });
      // Else it would prove nothing: some of it is served, some refused for what is in it.
      expect([...answers.keys()]).toEqual(
        expect.arrayContaining(['0', '3 FIELD_INVALID', '3 MESSAGE_INVALID']),
      );
      await ending(crowd);
      await allIsWell();
    },
    60_000 + callsMs,
    () => cluster,
  );

  scenario(
    'frames of HTTP/2 that mean nothing: the process lives and answers the next good call',
    async () => {
      await keepOn(framesMs, () =>
        sendGarbage(chance.pick(cluster.members).address, someFrames(chance), 100),
      );
      await allIsWell();
    },
    60_000 + framesMs,
    () => cluster,
  );
});
