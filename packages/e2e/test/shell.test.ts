import { describe, expect, test } from '@jest/globals';
import { askAvailable, textsOf } from '../src/clients/ask.js';
import type { Cluster } from '../src/cluster/cluster.js';
import { forAll } from '../src/cluster/for-all.js';
import { eventually, within } from '../src/eventually.js';
import { holds } from '../src/figures/figures.js';
import { bin } from '../src/places.js';
import type { Child } from '../src/processes/child.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';
import { startEverline } from '../src/terminal/everline.js';
import { Terminal } from '../src/terminal/terminal.js';

const run = new Run('shell');
let cluster: Cluster;

forAll(run, { masters: 2, patient: true, guarded: false }, (started) => {
  cluster = started;
});

const banner = '========= TINY SNS CLIENT =========';

function shell(user: string): Child {
  return startEverline(run, ['shell', '--router', cluster.router.address, '--user', user]);
}

function shellAtTerminal(user: string): Terminal {
  const command = [process.execPath, bin('cli'), 'shell', '--router', cluster.router.address, '--user', user];
  return new Terminal(run, user, command);
}

async function shown(child: Child, text: string | RegExp, deadlineMs = 10_000): Promise<void> {
  const has = (): boolean =>
    typeof text === 'string' ? child.stdout.includes(text) : text.test(child.stdout);
  await eventually(
    has,
    deadlineMs,
    () => `the shell shows ${text}; it shows ${child.stdout} ${child.stderr}`,
  );
}

async function ended(child: Child, deadlineMs = 10_000): Promise<number | null> {
  return (await within(child.exited, deadlineMs, 'the shell ends')).code;
}

describe('The shell of the Tiny SNS', () => {
  scenario(
    'end of input ends it with 0, in command mode and in timeline mode, and nothing is posted',
    async () => {
      const command = shell('eof1');
      command.endInput();
      expect(await ended(command)).toBe(0);
      const timeline = shell('eof2');
      timeline.write('timeline\n');
      await shown(timeline, 'Now you are in the timeline');
      timeline.endInput();
      expect(await ended(timeline)).toBe(0);
      expect(timeline.stdout).not.toContain('>>');
    },
    30_000,
    () => cluster,
  );

  scenario(
    'a last line without its newline is a command, and a post, too',
    async () => {
      const reader = shell('last-r');
      await shown(reader, 'Cmd> ');
      const child = shell('last-w');
      await shown(child, 'Cmd> ');
      reader.write('follow last-w\ntimeline\n');
      await shown(reader, 'Now you are in the timeline');
      child.write('timeline\nwithout an end');
      child.endInput();
      expect(await ended(child)).toBe(0);
      await shown(reader, '>> without an end\n\n');
      reader.endInput();
      expect(await ended(reader)).toBe(0);
    },
    30_000,
    () => cluster,
  );

  scenario(
    'every wrong input gets the words of the original',
    async () => {
      const child = shell('words');
      child.write(
        'follow\n\nfollow \nfoo bar\nlisT\nFOLLOW nobody.there\nunfollow words\nFoLLoW words\nlist x\n',
      );
      child.endInput();
      expect(await ended(child)).toBe(0);
      const answers = child.stdout.slice(child.stdout.indexOf('Cmd> ')).split('Cmd> ').slice(1);
      expect(answers.map((answer) => answer.split('\n')[0])).toEqual([
        'Invalid Command',
        'Invalid Command',
        'Invalid Input -- No Arguments Given',
        'Command failed with invalid command',
        'Command completed successfully',
        'Command failed with invalid username',
        'Command failed with invalid username',
        'Input username already exists, command failed',
        'Command failed with invalid command',
        '',
      ]);
    },
    30_000,
    () => cluster,
  );

  scenario(
    'on entry the last 20 posts are shown, newest first: not 21, none from before the follow, none of one’s own',
    async () => {
      const writer = shell('twenty-w');
      const reader = shell('twenty-r');
      await shown(writer, 'Cmd> ');
      await shown(reader, 'Cmd> ');
      writer.write('timeline\nbefore the follow\n');
      await shown(writer, 'Now you are in the timeline');
      await untilPosted('twenty-w', 1);
      reader.write('follow twenty-w\n');
      await shown(reader, 'Command completed successfully');
      writer.write(Array.from({ length: 25 }, (_, index) => `p${index + 1}\n`).join(''));
      await untilPosted('twenty-w', 26);
      reader.write('timeline\n');
      await shown(reader, />> p6\n\n$/);
      const texts = [...reader.stdout.matchAll(/^twenty-w\((.*)\) >> (.*)$/gm)].map(([, , text]) => text);
      expect(texts).toEqual(Array.from({ length: 20 }, (_, index) => `p${25 - index}`));
      expect(writer.stdout).not.toContain('>>');
      for (const child of [writer, reader]) {
        child.endInput();
        expect(await ended(child)).toBe(0);
      }
    },
    30_000,
    () => cluster,
  );

  scenario(
    'a post of any length up to the limit is one post, and one that is longer is refused and the shell goes on',
    async () => {
      const writer = shell('long-w');
      const reader = shell('long-r');
      await shown(writer, 'Cmd> ');
      await shown(reader, 'Cmd> ');
      reader.write('follow long-w\ntimeline\n');
      await shown(reader, 'Now you are in the timeline');
      const longest = `${'é'.repeat(2_040)}${'x'.repeat(16)}`;
      writer.write(`timeline\n${longest}\n${'y'.repeat(4_097)}\n\nshort\n`);
      await shown(reader, `>> ${longest}\n\n`);
      await shown(reader, '>> short\n\n');
      expect(reader.stdout).not.toContain('yyyy');
      writer.endInput();
      expect(await ended(writer)).toBe(0);
      reader.endInput();
      expect(await ended(reader)).toBe(0);
    },
    30_000,
    () => cluster,
  );
});

describe('Two shells of one user', () => {
  scenario(
    'the second is turned away while the first lives, over a failover too; a killed one is free again within 2 s',
    async () => {
      const first = shell('only');
      await shown(first, banner);
      const second = shell('only');
      second.endInput();
      expect(await ended(second)).toBe(1);
      expect(second.stdout).toBe('connection failed: -1\n');
      const before = await cluster.describe();
      const master = await cluster.available();
      await master.kill();
      await cluster.untilMoved(before.epoch);
      master.start();
      const third = shell('only');
      third.endInput();
      expect(await ended(third)).toBe(1);
      await cluster.untilRedundant(before);
      first.write('list\n');
      await shown(first, 'Followers: \n');
      const killedMs = performance.now();
      first.signal('SIGKILL');
      // As a shell asks, without the second that a shell needs to start.
      const request = { username: 'only', exclusive: true };
      await eventually(
        () => askAvailable(cluster, 'everline.sns.v1.SnsService/Login', request).then(() => true),
        20_000,
        'the session is free again',
      );
      const freeMs = performance.now() - killedMs;
      expect({ freeMs, within: holds('sessionFree', [freeMs]) }).toMatchObject({ within: true });
    },
    60_000,
    () => cluster,
  );

  scenario(
    'one that ended in good order is free at once',
    async () => {
      for (let time = 0; time < 3; time += 1) {
        const child = shell('again');
        child.endInput();
        expect(await ended(child)).toBe(0);
        expect(child.stdout).toContain(banner);
      }
    },
    30_000,
    () => cluster,
  );
});

describe('In timeline mode, whenever the available server dies', () => {
  scenario(
    'lines typed during the outage are posted exactly once, in order, and nothing is shown twice',
    async () => {
      const writer = shellAtTerminal('out-w');
      const reader = shellAtTerminal('out-r');
      await writer.untilShown('Cmd> ');
      await reader.untilShown('Cmd> ');
      reader.line('follow out-w');
      await reader.untilShown('Command completed successfully');
      reader.line('timeline');
      writer.line('timeline');
      for (const terminal of [reader, writer]) await terminal.untilShown('Now you are in the timeline');
      writer.line('before');
      await reader.untilShown('>> before');
      const before = await cluster.describe();
      (await cluster.available()).signal('SIGSTOP');
      for (let number = 1; number <= 10; number += 1) writer.line(`during ${number}`);
      await cluster.untilMoved(before.epoch);
      await reader.untilShown('>> during 10', 15_000);
      for (const master of cluster.masters) if (master.find()?.state === 'T') master.signal('SIGCONT');
      await cluster.untilRedundant(before);
      writer.line('after');
      await reader.untilShown('>> after');
      const texts = [...reader.screen.matchAll(/^out-w\(.*\) >> (.*)$/gm)].map(([, text]) => text);
      const during = Array.from({ length: 10 }, (_, index) => `during ${index + 1}`);
      expect(texts).toEqual(['before', ...during, 'after']);
      for (const terminal of [reader, writer]) {
        expect(terminal.screen.match(/Reconnecting to /g) ?? []).toHaveLength(1);
        terminal.type('\x04');
        expect(await terminal.untilExit()).toBe(0);
      }
    },
    60_000,
    () => cluster,
  );

  scenario(
    'Ctrl-C ends it with 130',
    async () => {
      const terminal = shellAtTerminal('ctrl-c');
      await terminal.untilShown('Cmd> ');
      terminal.line('timeline');
      await terminal.untilShown('Now you are in the timeline');
      terminal.type('\x03');
      expect(await terminal.untilExit()).toBe(130);
    },
    20_000,
    () => cluster,
  );

  test('nobody is there: connection failed: -1, exit code 1, no banner', async () => {
    const child = startEverline(run, ['shell', '--router', '127.0.0.1:9', '--user', 'x', '--timeout', '1s']);
    child.endInput();
    expect(await ended(child, 15_000)).toBe(1);
    expect(child.stdout).toBe('connection failed: -1\n');
  }, 20_000);
});

async function untilPosted(author: string, count: number): Promise<void> {
  await eventually(
    async () => (await textsOf(cluster, author)).length >= count,
    30_000,
    `${author} has ${count} posts`,
  );
}
