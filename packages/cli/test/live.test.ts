import { join } from 'node:path';
import { systemClock } from '@everline/chassis/clock';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { holderOf } from '../src/cluster/holders.js';
import { everline } from './everline.js';
import { type RealCluster, realCluster } from './real-cluster.js';
import { Running } from './running.js';

const minuteMs = 60_000;
// Every step is a process of its own, and the machine may be busy.
jest.setTimeout(minuteMs);
let cluster: RealCluster;
let up: Running;
const open: Running[] = [];

beforeAll(async () => {
  cluster = await realCluster();
  up = new Running(['up', '--port', String(cluster.port)], cluster.environment);
  await up.says('Ctrl-C here', minuteMs);
});
afterEach(() => {
  for (const running of open.splice(0)) running.kill('SIGKILL');
});
afterAll(async () => {
  up?.kill('SIGINT');
  await up?.ended;
  await cluster?.[Symbol.asyncDispose]();
});

function start(args: readonly string[]): Running {
  const running = new Running(args, cluster.environment);
  open.push(running);
  return running;
}

async function shell(user: string): Promise<Running> {
  const running = start(['shell', '-h', 'localhost', '-p', String(cluster.port), '-u', user]);
  await running.says('Cmd> ');
  return running;
}

async function type(running: Running, line: string): Promise<string> {
  const from = running.stdout.length;
  running.type(`${line}\n`);
  await running.until(({ stdout }) => stdout.slice(from).endsWith('Cmd> '));
  return running.stdout.slice(from, -'\nCmd> '.length);
}

/** Kills the available master the hard way; resolves with the address it had. */
async function killAvailable(): Promise<string> {
  const { stdout } = await everline(['status', '--json'], cluster);
  const { available } = JSON.parse(stdout) as { available: { address: string } };
  const name = `master-${Number(available.address.split(':')[1]) - cluster.port}`;
  const holder = await holderOf(join(cluster.dataDir, name), systemClock);
  if (holder === undefined) throw new Error(`${name} is gone`);
  process.kill(holder.pid, 'SIGKILL');
  return available.address;
}

async function wholeAgain(): Promise<void> {
  const watching = start(['status', '--watch', '--json']);
  await watching.until(({ stdout }) => {
    const last = stdout.trimEnd().split('\n').at(-1);
    return last !== undefined && last !== '' && (JSON.parse(last) as { liveCopies: number }).liveCopies === 2;
  }, 20_000);
  watching.kill('SIGKILL');
}

describe('the shell', () => {
  test('greets, answers, and lets nobody in twice', async () => {
    const u1 = await shell('u1');
    expect(u1.stdout).toMatch(
      /^\n========= TINY SNS CLIENT =========\n[\s\S]*\n=====================================\nCmd> $/,
    );
    const second = start(['shell', '--router', cluster.router, '-u', 'u1']);
    expect(await second.ended).toBe(1);
    expect({ stdout: second.stdout, stderr: second.stderr }).toEqual({
      stdout: 'connection failed: -1\n',
      stderr: '',
    });
    expect(await type(u1, 'list')).toBe('Command completed successfully\nAll users: u1, \nFollowers: ');
    expect(await type(u1, 'follow u1')).toBe('Input username already exists, command failed');
    expect(await type(u1, 'follow u9')).toBe('Command failed with invalid username');
    expect(await type(u1, 'follow')).toBe('Invalid Command');
    u1.endInput();
    expect(await u1.ended).toBe(0);
    const again = await shell('u1');
    again.kill('SIGINT');
    expect(await again.ended).toBe(130);
  });

  test(
    'a timeline goes on over kill -9: nothing twice, nothing missing, no line lost',
    async () => {
      const [u1, u2] = [await shell('u1'), await shell('u2')];
      expect(await type(u1, 'FOLLOW u2')).toBe('Command completed successfully');
      for (const running of [u1, u2]) {
        running.type('TIMELINE\n');
        await running.says('Command completed successfully\nNow you are in the timeline\n');
      }
      for (let number = 1; number <= 5; number += 1) u2.type(`before ${number}\n`);
      await u1.says('>> before 5\n\n');
      await killAvailable();
      for (let number = 1; number <= 5; number += 1) u2.type(`after ${number}\n`);
      await u1.says('>> after 5\n\n');
      await u2.until(({ stdout }) => /Reconnecting to 127\.0\.0\.1:\d+\.\.\.\n/.test(stdout));
      u2.endInput();
      expect(await u2.ended).toBe(0);
      const shown = [...u1.stdout.matchAll(/^u2\(\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}\) >> (.*)\n\n/gm)].map(
        ([, text]) => text,
      );
      expect(shown).toEqual(
        ['before', 'after'].flatMap((when) => [1, 2, 3, 4, 5].map((number) => `${when} ${number}`)),
      );
      const reader = await shell('u3');
      await type(reader, 'follow u2');
      reader.type('timeline\n');
      await reader.says('Now you are in the timeline\n');
      expect(reader.stdout).not.toContain('>>');
      await wholeAgain();
    },
    minuteMs,
  );

  test(
    'a command during the move goes on by itself',
    async () => {
      const u4 = await shell('u4');
      await killAvailable();
      expect(await type(u4, 'list')).toMatch(
        /^Reconnecting to 127\.0\.0\.1:\d+\.\.\.\nCommand completed successfully\nAll users: .*u4, \nFollowers: $/,
      );
      await wholeAgain();
    },
    minuteMs,
  );
});

test('timeline -f tells of a failover in one line, and of nothing missed', async () => {
  await everline(['login', 'w1'], cluster);
  await everline(['login', 'w2'], cluster);
  await everline(['-u', 'w1', 'follow', 'w2'], cluster);
  const reader = start(['-u', 'w1', 'timeline', '-f']);
  await everline(['-u', 'w2', 'post', 'one'], cluster);
  await reader.says('w2  one\n');
  await killAvailable();
  await everline(['-u', 'w2', 'post', 'two'], cluster);
  await reader.says('w2  two\n');
  await reader.until(({ stderr }) => stderr.endsWith('\n'));
  expect(reader.stderr).toMatch(/^-- 127\.0\.0\.1:\d+ took over in epoch \d+ after .*, nothing missed --\n$/);
  expect(reader.stdout.match(/w2 {2}one\n/g)).toHaveLength(1);
  await wholeAgain();
});

test('up tells what happens; down from elsewhere stops it all, and up ends with 0', async () => {
  expect(up.stderr).toMatch(/epoch 2/);
  const down = await everline(['down'], cluster);
  expect(down).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Stopped 3 roles after /) });
  expect(await up.ended).toBe(0);
  for (const name of ['router', 'master-1', 'master-2']) {
    expect(await holderOf(join(cluster.dataDir, name), systemClock)).toBeUndefined();
    expect(await holderOf(join(cluster.dataDir, 'watchdog', name), systemClock)).toBeUndefined();
  }
  expect(await everline(['down'], cluster)).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^Nothing runs in /),
  });
  const nowhere = await everline(['down', '--data', join(cluster.dataDir, 'none')], cluster);
  expect(nowhere.code).toBe(1);
});

test('what was posted is there after all was stopped and brought up again', async () => {
  up = new Running(['up', '--port', String(cluster.port), '--json'], cluster.environment);
  await up.says('\n', minuteMs);
  expect(JSON.parse(up.stdout)).toMatchObject({ event: 'up', liveCopies: 2 });
  const { stdout } = await everline(['-u', 'w1', 'timeline', '--json'], cluster);
  expect(stdout.split('\n').filter((line) => line.includes('"w2"'))).toHaveLength(2);
});
