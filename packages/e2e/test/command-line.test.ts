import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { askAvailable, textsOf } from '../src/clients/ask.js';
import { Cluster } from '../src/cluster/cluster.js';
import { eventually, within } from '../src/eventually.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';
import { type Ended, type EverlineOptions, everline, startEverline } from '../src/terminal/everline.js';

const run = new Run('command-line');
let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start(run, { masters: 2, patient: true });
}, 90_000);

afterAll(async () => {
  cluster?.close();
  await run.end();
}, 30_000);

function as(user: string, args: readonly string[], options: EverlineOptions = {}): Promise<Ended> {
  return everline(run, [...args, '--user', user, '--router', cluster.router.address], options);
}

async function done(user: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await as(user, args);
  expect({ args, code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}

function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('The command line', () => {
  scenario(
    'login, follow, post, timeline, unfollow, list: data on stdout, everything else on stderr',
    async () => {
      for (const user of ['ada', 'bob']) await done(user, 'login', user);
      await done('bob', 'follow', 'ada');
      await done('ada', 'post', 'hello', 'there');
      expect(await done('bob', 'timeline')).toContain('hello there');
      expect(await done('ada', 'timeline')).not.toContain('hello there');
      const list = jsonLines(await done('bob', 'list', '--json'));
      expect(JSON.stringify(list)).toContain('"ada"');
      await done('bob', 'unfollow', 'ada');
      expect(await done('bob', 'timeline')).not.toContain('hello there');
    },
    40_000,
    () => cluster,
  );

  scenario(
    '--json prints one object a line, for answers, for a live timeline and for refusals',
    async () => {
      for (const user of ['jo', 'kim']) await done(user, 'login', user);
      await done('kim', 'follow', 'jo');
      const [posted] = jsonLines(await done('jo', 'post', '--json', 'as an object'));
      expect(posted).toMatchObject({ copies: 2 });
      const [read] = jsonLines(await done('kim', 'timeline', '--json'));
      expect(JSON.stringify(read)).toContain('as an object');
      const refused = await as('kim', ['follow', 'nobody.at.all', '--json']);
      expect(refused.code).toBe(1);
      expect(refused.stdout + refused.stderr).toContain('USER_UNKNOWN');
      for (const line of jsonLines(refused.stdout + refused.stderr)) expect(typeof line).toBe('object');
    },
    40_000,
    () => cluster,
  );

  scenario(
    'exit codes: 0 done, 1 refused, 2 usage, 69 nobody there, 130 interrupted',
    async () => {
      expect((await as('eve', ['login', 'eve'])).code).toBe(0);
      expect((await as('eve', ['follow', 'nobody.here'])).code).toBe(1);
      expect((await as('eve', ['follow'])).code).toBe(2);
      expect((await as('eve', ['no-such-command'])).code).toBe(2);
      const nobody = await everline(run, [
        'list',
        '--user',
        'eve',
        '--router',
        '127.0.0.1:9',
        '--timeout',
        '500ms',
      ]);
      expect(nobody.code).toBe(69);
      expect(nobody.stderr.trim().split('\n')).toHaveLength(1);
      const follower = startEverline(run, [
        'timeline',
        '-f',
        '--user',
        'eve',
        '--router',
        cluster.router.address,
      ]);
      await done('eve', 'login', 'adam');
      await done('eve', 'follow', 'adam');
      await done('adam', 'post', 'hello eve');
      await eventually(() => follower.stdout.includes('hello eve'), 10_000, 'it reads live');
      follower.signal('SIGINT');
      expect((await within(follower.exited, 10_000, 'timeline -f ends')).code).toBe(130);
    },
    60_000,
    () => cluster,
  );

  scenario(
    'post - takes one post a line, in order, exactly once, over a kill of the available master',
    async () => {
      await done('pip', 'login', 'pip');
      const before = await cluster.describe();
      const lines = Array.from({ length: 600 }, (_, index) => `line ${index + 1}`);
      const child = startEverline(run, ['post', '-', '--user', 'pip', '--router', cluster.router.address]);
      child.write(`${lines.slice(0, 300).join('\n')}\n`);
      await eventually(async () => (await textsOf(cluster, 'pip')).length > 100, 15_000, 'it posts');
      (await cluster.available()).signal('SIGKILL');
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

  scenario(
    'post --id may be repeated, by a client that was killed and knows no better: it is one post, with the first answer',
    async () => {
      await done('rob', 'login', 'rob');
      const args = ['post', '--id', '018f2f6e-6a3c-7c2e-9d55-2f7a3f1b9c01', '--json', 'once and for all'];
      const [first] = jsonLines(await done('rob', ...args));
      const [again] = jsonLines(await done('rob', ...args));
      expect(again).toEqual(first);
      const other = await as('rob', [...args.slice(0, -1), 'something else']);
      expect(other.code).toBe(1);
      expect(await textsOf(cluster, 'rob')).toEqual(['once and for all']);
    },
    30_000,
    () => cluster,
  );

  scenario(
    'timeline -f goes on over a failover with one line about it, and misses nothing',
    async () => {
      for (const user of ['fay', 'gus']) await done(user, 'login', user);
      await done('gus', 'follow', 'fay');
      const child = startEverline(run, [
        'timeline',
        '-f',
        '--user',
        'gus',
        '--router',
        cluster.router.address,
      ]);
      await done('fay', 'post', 'one');
      await eventually(() => child.stdout.includes('one'), 10_000, 'one is shown');
      const before = await cluster.describe();
      await (await cluster.available()).kill();
      await cluster.untilMoved(before.epoch);
      await done('fay', 'post', 'two');
      await eventually(() => child.stdout.includes('two'), 10_000, 'two is shown');
      await cluster.untilRedundant(before);
      expect(child.stdout.match(/one/g)).toHaveLength(1);
      const { address } = await cluster.getAvailable();
      expect(child.stdout + child.stderr).toContain(address);
      child.signal('SIGTERM');
      await within(child.exited, 10_000, 'timeline -f ends');
    },
    60_000,
    () => cluster,
  );

  scenario(
    'status shows every master, its role and the epoch; switchover moves the role',
    async () => {
      const before = await cluster.getAvailable();
      const status = (await everline(run, ['status', '--router', cluster.router.address])).stdout;
      for (const { address } of cluster.masters) expect(status).toContain(address);
      expect(status).toContain(String(before.epoch));
      const moved = await everline(run, ['switchover', '--router', cluster.router.address]);
      expect(moved).toMatchObject({ code: 0 });
      expect((await cluster.getAvailable()).address).not.toBe(before.address);
    },
    40_000,
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
      const outcomes: string[] = [];
      for (const text of hostile) {
        const { code, stderr } = await as('mal', ['post', '-'], { input: `${text}\n` });
        outcomes.push(`${code} ${stderr}`);
      }
      const shown = `${await done('vic', 'timeline', '--limit', '100')}${outcomes.join('')}`;
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
