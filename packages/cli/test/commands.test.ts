import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { everline, shellLine } from './everline.js';
import { type RealCluster, realCluster } from './real-cluster.js';
import { killAll, Running } from './running.js';

// Every step is a process of its own, and the machine may be busy.
jest.setTimeout(60_000);
let cluster: RealCluster;
beforeAll(async () => {
  cluster = await realCluster();
  const up = await everline(['up', '--detach', '--port', String(cluster.port)], cluster);
  if (up.code !== 0) throw new Error(`up: ${up.stdout}${up.stderr}`);
  for (const user of ['alice', 'bob']) await cluster.as(user, ['login', user]);
});
afterEach(killAll);
afterAll(async () => cluster?.[Symbol.asyncDispose]());

const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('who I am', () => {
  test('is kept by login, with the router that was named, and forgotten by logout', async () => {
    const environment = { XDG_CONFIG_HOME: `${cluster.environment.XDG_CONFIG_HOME}-2` };
    const login = await everline(['login', 'Carol', '--router', cluster.router], { environment });
    expect(login).toMatchObject({ code: 0, stdout: '', stderr: 'Welcome, carol.\n' });
    const whoami = await everline(['whoami', '--json'], { environment });
    expect(JSON.parse(whoami.stdout)).toEqual({ user: 'carol', from: 'profile', router: cluster.router });
    const again = await everline(['login', 'carol', '--json'], { environment });
    expect(JSON.parse(again.stdout)).toEqual({ user: 'carol', created: false });
    expect(await everline(['logout'], { environment })).toMatchObject({
      code: 0,
      stderr: 'carol is logged out.\n',
    });
    expect(await everline(['whoami'], { environment })).toMatchObject({ code: 1 });
  });

  test('a name that can be none is refused with the reason, and not kept', async () => {
    const { code, stderr } = await cluster.as('x', ['login', 'no spaces', '--json', '--profile', 'other']);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ error: { reason: 'FIELD_INVALID', exitCode: 1 } });
    expect(await everline(['whoami', '--profile', 'other'], cluster)).toMatchObject({ code: 1 });
  });
});

describe('the graph', () => {
  test('follow and unfollow do one name after the other, and a refusal does not stop the rest', async () => {
    const follow = await cluster.as('bob', ['follow', 'nobody', 'Alice']);
    expect(follow).toMatchObject({ code: 1, stdout: '' });
    expect(follow.stderr).toMatch(/^everline: nobody: .*\nbob now follows alice\.\n$/);
    const list = await cluster.as('bob', ['list', '--json']);
    expect(JSON.parse(list.stdout)).toMatchObject({ following: ['alice'], followers: [] });
    const text = await cluster.as('alice', ['list']);
    expect(text.stdout).toContain('Followers (1)\n  bob\n');
    const again = await cluster.as('bob', ['follow', 'nobody', 'alice', '--json']);
    expect({ code: again.code, stdout: again.stdout }).toEqual({ code: 1, stdout: '' });
    expect(jsonLines(again.stderr)).toMatchObject([
      { error: { reason: 'USER_UNKNOWN', name: 'nobody' } },
      { error: { reason: 'ALREADY_FOLLOWED', name: 'alice' } },
    ]);
  });
});

describe('posts', () => {
  test('a post tells on how many disks it is; repeated with its id it is the same post', async () => {
    const args = ['post', '--json', '--id', '0190d3c4-0000-7000-8000-000000000001', 'once', 'only'];
    const first = await cluster.as('alice', args);
    expect(JSON.parse(first.stdout)).toMatchObject({ author: 'alice', text: 'once only', copies: 2 });
    const second = await cluster.as('alice', args);
    expect(second.stdout).toBe(first.stdout);
    const other = await cluster.as('alice', [...args.slice(0, 4), 'something else']);
    expect(other.code).toBe(1);
    expect(JSON.parse(other.stderr)).toMatchObject({ error: { reason: 'ID_REUSED' } });
    const timeline = await cluster.as('bob', ['timeline', '--json']);
    expect(jsonLines(timeline.stdout).map(({ text }) => text)).toEqual(['once only']);
  });

  test('lines of a pipe are posts, in order; what can be none is named with its line', async () => {
    const input = Buffer.concat([
      Buffer.from('one\n\ntwo\n'),
      Uint8Array.of(0xff, 0x0a),
      Buffer.from(`${'x'.repeat(5_000)}\nthree`),
    ]);
    const { code, stderr } = await cluster.as('alice', ['post', '-'], { input });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^everline: line 4: not valid UTF-8\neverline: line 5: [^\n]*\nPosted 3 lines\.\n$/,
    );
    const timeline = await cluster.as('bob', ['timeline', '--json', '--limit', '3']);
    expect(jsonLines(timeline.stdout).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });

  test('many lines are posted once each, in order', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => `line ${index}`);
    const { code, stdout } = await cluster.as('alice', ['post', '--json'], { input: lines.join('\n') });
    expect(code).toBe(0);
    expect(jsonLines(stdout).map(({ text }) => text)).toEqual(lines);
    const timeline = await cluster.as('bob', ['timeline', '--json', '--limit', '300']);
    expect(jsonLines(timeline.stdout).map(({ text }) => text)).toEqual(lines);
  });

  test('an empty or too long post is refused, with its field and limit', async () => {
    for (const text of ['', 'x'.repeat(4_097), 'bell \u0007']) {
      const { code, stderr } = await cluster.as('alice', ['post', '--json', text]);
      expect(code).toBe(1);
      expect(JSON.parse(stderr)).toMatchObject({ error: { reason: 'FIELD_INVALID' } });
    }
  });

  test('a post of a user who never logged in is refused', async () => {
    const { code, stderr } = await cluster.as('stranger', ['post', '-'], { input: 'a\nb\n' });
    expect(code).toBe(1);
    expect(stderr.split('\n')).toHaveLength(2);
  });
});

describe('timelines', () => {
  test('go on after a cursor, and show another’s text without obeying it', async () => {
    const before = await cluster.as('bob', ['timeline', '--json', '--limit', '1']);
    const cursor = String(jsonLines(before.stdout)[0]?.cursor);
    await cluster.as('alice', ['post', 'bidi \u202e\u2066 override']);
    await cluster.as('alice', ['post', 'two\nlines']);
    const after = await cluster.as('bob', ['timeline', '--after', cursor]);
    expect(after.stdout).toMatch(
      /^\d\d:\d\d:\d\d {2}alice {2}bidi <U\+202E><U\+2066> override\n[\d:]{8} {2}alice {2}two␊lines\n$/,
    );
    const one = await cluster.as('bob', ['timeline', '--after', cursor, '--limit', '1', '--json']);
    expect(jsonLines(one.stdout)).toHaveLength(1);
    expect(one.stdout).not.toContain('\u202e');
    const bad = await cluster.as('bob', ['timeline', '--after', 'nonsense']);
    expect(bad).toMatchObject({ code: 1, stdout: '' });
  });

  test('show more than one page’s worth, oldest first, without a hole', async () => {
    const lines = Array.from({ length: 1_500 }, (_, index) => `page ${index}`);
    await cluster.as('alice', ['post', '-'], { input: lines.join('\n') });
    const { stdout } = await cluster.as('bob', ['timeline', '--json', '--limit', '1400']);
    expect(jsonLines(stdout).map(({ text }) => text)).toEqual(lines.slice(100));
    const all = jsonLines((await cluster.as('bob', ['timeline', '--json', '--limit', '100000'])).stdout);
    expect(all.slice(-1_500).map(({ text }) => text)).toEqual(lines);
  });

  test('have one’s own posts only when asked for', async () => {
    await cluster.as('bob', ['post', 'my own']);
    expect((await cluster.as('bob', ['timeline', '--limit', '1'])).stdout).not.toContain('my own');
    expect((await cluster.as('bob', ['timeline', '--limit', '1', '--own'])).stdout).toContain('my own');
  });

  test('are without the posts of somebody who is not followed any more', async () => {
    for (const user of ['carla', 'dora']) await cluster.as(user, ['login', user]);
    await cluster.as('dora', ['follow', 'carla']);
    await cluster.as('carla', ['post', 'hello', 'there']);
    expect((await cluster.as('dora', ['timeline'])).stdout).toContain('carla  hello there\n');
    expect(await cluster.as('dora', ['unfollow', 'carla'])).toMatchObject({ code: 0, stdout: '' });
    expect(await cluster.as('dora', ['timeline'])).toMatchObject({ code: 0, stdout: '' });
  });

  test('end quietly when nobody reads on', async () => {
    const { environment } = cluster;
    const { code, stdout, stderr } = await shellLine('everline -u bob timeline | head -1', environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(2);
    // A live one notices at the next post, as tail -f does.
    const live = new Running(['-u', 'bob', 'timeline', '-f'], environment);
    await live.says('\n');
    live.child.stdout?.destroy();
    await cluster.as('alice', ['post', 'to nobody']);
    expect({ code: await live.ended, stderr: live.stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('are live with -f, until Ctrl-C', async () => {
    const reader = new Running(['-u', 'bob', 'timeline', '-f'], cluster.environment);
    await cluster.as('alice', ['post', 'while you watch']);
    await reader.says('while you watch\n');
    reader.kill('SIGINT');
    expect(await reader.ended).toBe(130);
    expect(reader.stderr).toBe('');
  });
});

describe('operating', () => {
  test('status shows every master; --json everything', async () => {
    const { stdout } = await everline(['status'], cluster);
    expect(stdout).toMatch(/is available · epoch \d+ · 2 live copies of every post/);
    for (const step of [1, 2]) expect(stdout).toContain(`127.0.0.1:${cluster.port + step}`);
    const { stdout: json } = await everline(['status', '--json'], cluster);
    expect(JSON.parse(json)).toMatchObject({
      redundancy: 'full',
      liveCopies: 2,
      masters: [{ lag: 0 }, { lag: 0 }],
    });
  });

  test('a switchover moves the role and no post fails meanwhile', async () => {
    const before = JSON.parse((await everline(['status', '--json'], cluster)).stdout) as { epoch: number };
    const posting = new Running(['-u', 'alice', 'post', '-'], cluster.environment);
    for (let number = 0; number < 100; number += 1) posting.type(`during the switchover ${number}\n`);
    const moved = await everline(['switchover', '--json'], cluster);
    for (let number = 100; number < 200; number += 1) posting.type(`during the switchover ${number}\n`);
    posting.endInput();
    expect(await posting.ended).toBe(0);
    expect(JSON.parse(moved.stdout).epoch).toBeGreaterThan(before.epoch);
    const timeline = await cluster.as('bob', ['timeline', '--json', '--limit', '200']);
    expect(jsonLines(timeline.stdout).map(({ text }) => text)).toEqual(
      Array.from({ length: 200 }, (_, number) => `during the switchover ${number}`),
    );
    const nowhere = await everline(['switchover', '--to', 'zz'], cluster);
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('no master is named `zz`') });
  });

  test('the doctor finds the cluster well', async () => {
    const { code, stdout } = await everline(['doctor', '--port', String(cluster.port)], cluster);
    expect(stdout).toContain('2 live copies of every post');
    expect(stdout).toContain('are in use, and the cluster runs');
    expect(code).toBe(0);
  });

  test('a second up says what runs where, and ends with 0; with other settings with 1', async () => {
    const again = await everline(['up', '--port', String(cluster.port)], cluster);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Everline is up already') });
    const other = await everline(['up', '--port', String(cluster.port + 10)], cluster);
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining(`at ${cluster.router}`) });
  });
});
