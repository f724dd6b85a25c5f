import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { everline } from './everline.js';
import { type RealCluster, realCluster } from './real-cluster.js';
import { killAll, Running } from './running.js';

const minuteMs = 60_000;
jest.setTimeout(2 * minuteMs);
let cluster: RealCluster;
beforeAll(async () => {
  cluster = await realCluster();
  const up = await everline(['up', '--detach', '--port', String(cluster.port)], cluster);
  if (up.code !== 0) throw new Error(`up: ${up.stdout}${up.stderr}`);
});
afterEach(killAll);
afterAll(async () => cluster?.[Symbol.asyncDispose]());

const counted =
  /^[\d,]+ written · [\d,]+ read · 0 lost · 0 doubled( · \d+ refused)? · longest pause .* · epoch \d+( · \d+ killed)?\n$/;

describe('verify', () => {
  test('writes, reads, says under which names, and ends with one line and 0', async () => {
    const { code, stdout, stderr } = await everline(['verify', '--clients', '3', '--for', '2s'], cluster);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(counted) });
    expect(stderr).toMatch(/names are verify-(\w{4})-1 … verify-\1-3, verify-\1-witness\./);
    const [, written, read] = /^([\d,]+) written · ([\d,]+) read/.exec(stdout) ?? [];
    expect(written).not.toBe('0');
    expect(read).toBe(written);
  });

  test('with --json it says every second what it has counted, and under kills it loses and doubles nothing', async () => {
    const { code, stdout } = await everline(
      ['verify', '--kill', 'available', '--every', '1s', '--for', '4s', '--json'],
      cluster,
    );
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const events = lines.map(({ event }) => event);
    expect([events[0], events.at(-1)]).toEqual(['begin', 'result']);
    expect(events).toEqual(expect.arrayContaining(['progress', 'killed']));
    expect(lines.at(-1)).toMatchObject({ ok: true, lost: 0, doubled: 0, wrong: 0 });
    expect(lines.at(-1)?.killed).toBe(events.filter((event) => event === 'killed').length);
    expect(code).toBe(0);
  });

  test('ends with 130 on Ctrl-C, after its count', async () => {
    const running = new Running(['verify', '--for', '10min', '--json'], cluster.environment);
    await running.until(({ stdout }) => /"written":[1-9]/.test(stdout), minuteMs);
    running.kill('SIGINT');
    expect(await running.ended).toBe(130);
    expect(JSON.parse(running.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      event: 'result',
      ok: true,
    });
  });
});

describe('verify refuses', () => {
  test('to kill in a folder in which up has brought up nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'everline-verify-'));
    const { code, stderr } = await everline(['verify', '--kill', 'router', '--data', folder], cluster);
    rmSync(folder, { recursive: true });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `everline: --kill: \`everline up\` has brought up no cluster in ${folder}: name its folder with --data\n`,
    });
  });

  test('to kill here what serves elsewhere', async () => {
    const { code, stderr } = await everline(
      ['verify', '--kill', 'router', '--router', '10.0.0.1:3010'],
      cluster,
    );
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('only a cluster of this machine is killed'),
    });
  });

  test('what is no wish, with 2', async () => {
    for (const [flag, value] of [
      ['--clients', '0'],
      ['--for', 'soon'],
      ['--rate', '-1'],
      ['--kill', 'everything'],
      ['--every', '0'],
    ] as const) {
      const { code, stderr } = await everline(['verify', '--kill', 'router', flag, value], cluster);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(flag) });
    }
  });

  test('a cluster that nobody serves, with 69', async () => {
    const { code, stderr } = await everline(
      ['verify', '--router', '127.0.0.1:1', '--timeout', '200ms'],
      cluster,
    );
    expect({ code, stderr }).toEqual({ code: 69, stderr: expect.stringContaining('127.0.0.1:1') });
  });
});
