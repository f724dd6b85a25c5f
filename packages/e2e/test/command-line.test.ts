import { describe, expect } from '@jest/globals';
import { askAvailable, textsOf } from '../src/clients/ask.js';
import type { Cluster } from '../src/cluster/cluster.js';
import { forAll } from '../src/cluster/for-all.js';
import { eventually, within } from '../src/eventually.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';
import { type Ended, type EverlineOptions, everline, startEverline } from '../src/terminal/everline.js';

const run = new Run('command-line');
let cluster: Cluster;

forAll(run, { masters: 2, patient: true, guarded: false }, (started) => {
  cluster = started;
});

function as(user: string, args: readonly string[], options: EverlineOptions = {}): Promise<Ended> {
  return everline(run, [...args, '--user', user, '--router', cluster.router.address], options);
}

async function done(user: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await as(user, args);
  expect({ args, code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}

describe('The command line', () => {
  scenario(
    'post - takes one post a line, in order, exactly once, over a kill of the available master',
    async () => {
      await done('pip', 'login', 'pip');
      const before = await cluster.describe();
      const lines = Array.from({ length: 600 }, (_, index) => `line ${index + 1}`);
      const child = startEverline(run, ['post', '-', '--user', 'pip', '--router', cluster.router.address]);
      child.write(`${lines.slice(0, 300).join('\n')}\n`);
      await eventually(async () => (await textsOf(cluster, 'pip')).length > 100, 20_000, 'it posts');
      const master = await cluster.available();
      await master.kill();
      master.start();
      child.write(`${lines.slice(300).join('\n')}\n`);
      child.endInput();
      const { code } = await within(child.exited, 30_000, 'post - ends');
      expect({ code, stderr: child.stderr }).toMatchObject({ code: 0 });
      expect(await textsOf(cluster, 'pip')).toEqual(lines);
      await cluster.untilRedundant(before);
    },
    60_000,
    () => cluster,
  );
});

describe('Hostile names and texts', () => {
  const hostile = [
    '\u001b]0;pwned\u0007\u001b[2J\u001b[31mred',
    'line\rover',
    '\u202egnp.exe',
    'tab\tand\u0000nul',
    '\u009b31m',
    '../../etc/passwd',
    '%s%n$(reboot)`id`;--',
    '👩‍👩‍👧‍👦 und 漢字',
  ];

  scenario(
    'a text that would steer the terminal is refused or shown, never sent; the others are kept to the letter',
    async () => {
      for (const user of ['mal', 'vic']) await done(user, 'login', user);
      await done('vic', 'follow', 'mal');
      const { code: refused, stderr } = await as('mal', ['post', '-'], { input: `${hostile.join('\n')}\n` });
      expect(refused).toBe(1);
      const shown = `${await done('vic', 'timeline', '--limit', '100')}${stderr}`;
      for (const character of shown) {
        const code = character.codePointAt(0) ?? 0;
        const steers =
          (code < 0x20 && character !== '\n') || (code >= 0x7f && code < 0xa0) || code === 0x202e;
        expect({ code, steers }).toMatchObject({ steers: false });
      }
      expect(await textsOf(cluster, 'mal')).toEqual(expect.arrayContaining(hostile.slice(-3)));
    },
    60_000,
    () => cluster,
  );

  scenario(
    'a name that is none is refused by the cluster itself, with the field and the limit',
    async () => {
      for (const username of [
        '',
        ' ',
        'a b',
        'ä',
        'x'.repeat(33),
        '-dash',
        '.dot',
        'a\u0000b',
        'a/b',
        '\u202e',
      ]) {
        const call = askAvailable(cluster, 'everline.sns.v1.SnsService/Login', { username });
        await expect(call).rejects.toMatchObject({
          codeName: 'INVALID_ARGUMENT',
          reason: 'FIELD_INVALID',
          metadata: { field: 'username' },
        });
      }
      const { created } = await askAvailable(cluster, 'everline.sns.v1.SnsService/Login', {
        username: 'MiXed.Case_1',
      });
      expect(created).toBe(true);
      const again = await askAvailable(cluster, 'everline.sns.v1.SnsService/Login', {
        username: 'mixed.case_1',
      });
      expect(again.created).toBe(false);
    },
    30_000,
    () => cluster,
  );

  scenario(
    'unknown users are refused everywhere, and make nothing',
    async () => {
      await done('known', 'login', 'known');
      const calls = [
        ['everline.sns.v1.SnsService/Follow', { username: 'ghost', followee: 'known' }],
        ['everline.sns.v1.SnsService/Follow', { username: 'known', followee: 'ghost' }],
        ['everline.sns.v1.SnsService/Unfollow', { username: 'known', followee: 'ghost' }],
        ['everline.sns.v1.SnsService/Post', { username: 'ghost', postId: crypto.randomUUID(), text: 'boo' }],
        ['everline.sns.v1.SnsService/ReadTimeline', { username: 'ghost' }],
      ] as const;
      for (const [name, request] of calls) {
        const refusal = await askAvailable(cluster, name, request as never).catch((error: unknown) => error);
        expect(refusal).toMatchObject({ codeName: 'NOT_FOUND', reason: 'USER_UNKNOWN' });
      }
      const { allUsers } = await askAvailable(cluster, 'everline.sns.v1.SnsService/List', {
        username: 'known',
      });
      expect(allUsers).not.toContain('ghost');
    },
    30_000,
    () => cluster,
  );
});
