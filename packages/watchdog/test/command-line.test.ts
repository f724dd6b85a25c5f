import { describe, expect, it } from '@jest/globals';
import { numberFlags, parseRun, UsageError } from '../src/command-line.js';
import { fingerprint } from '../src/settings.js';

const data = '/var/lib/watchdog';

describe('the flags', () => {
  it('have the defaults of W4, W5, W6 and W7', () => {
    const { settings, guardian } = parseRun(['--', 'sleep', '5'], data);
    expect(guardian).toBe(false);
    expect(settings).toEqual({
      name: 'sleep',
      dataDir: data,
      childDataDir: undefined,
      reportTo: [],
      command: ['sleep', '5'],
      hang: { pingMs: 1_000, missed: 3 },
      graceMs: 10_000,
      startMs: 30_000,
      log: { maxBytes: 10_000_000, files: 5 },
      intensity: {
        settledMs: 1_000,
        firstDelayMs: 100,
        maxDelayMs: 5_000,
        forgetMs: 60_000,
        maxDeaths: 5,
        withinMs: 30_000,
        heldMs: 30_000,
      },
    });
  });

  it('everything after -- is the command, flags of ours included', () => {
    const argv = [
      '--child-data',
      '/srv/Master-1',
      '--report-to',
      '127.0.0.1:3010,[::1]:3011',
      '--',
      'node',
      '--name',
      'x',
      '--',
    ];
    const { settings } = parseRun(argv, data);
    expect(settings.command).toEqual(['node', '--name', 'x', '--']);
    expect(settings.name).toBe('master-1');
    expect(settings.reportTo).toEqual([
      { host: '127.0.0.1', port: 3010 },
      { host: '::1', port: 3011 },
    ]);
  });

  for (const [argv, sentence] of [
    [['--name', 'one'], 'say what to run'],
    [['--name', '../one', '--', 'x'], '--name: "../one" is not'],
    [['--name', 'a'.repeat(33), '--', 'x'], '--name:'],
    [['--ping-ms', '9', '--', 'x'], '--ping-ms: "9" is not a whole number from 10 to 60000'],
    [['--ping-ms', '1.5', '--', 'x'], '--ping-ms: "1.5"'],
    [['--ping-ms', '20MB', '--', 'x'], '--ping-ms: "20MB"'],
    [['--log-size', '-1', '--', 'x'], 'log-size'],
    [['--report-to', 'nowhere', '--child-data', '/d', '--', 'x'], '--report-to: "nowhere" is not HOST:PORT'],
    [['--report-to', 'a:70000', '--child-data', '/d', '--', 'x'], '--report-to: "a:70000"'],
    [['--report-to', 'a:1', '--', 'x'], '--report-to wants --child-data'],
    [['--restart-first-ms', '6000', '--', 'x'], 'must not be more than --restart-max-ms'],
    [['--unknown', '--', 'x'], "Unknown option '--unknown'"],
    [['surplus', '--', 'x'], 'surplus'],
  ] as const)
    it(`refuses ${argv.join(' ')}`, () => {
      expect(() => parseRun(argv, data)).toThrow(UsageError);
      expect(() => parseRun(argv, data)).toThrow(sentence);
    });

  it('every default lies within its own limits', () => {
    for (const { fallback, min, max } of Object.values(numberFlags)) {
      expect(fallback).toBeGreaterThanOrEqual(min);
      expect(fallback).toBeLessThanOrEqual(max);
    }
  });

  it('two watchdogs are a pair only with equal settings', () => {
    const print = (...argv: string[]): string => fingerprint(parseRun([...argv, '--', 'x'], data).settings);
    expect(print()).toBe(print('--log-size', '10MB'));
    expect(print()).not.toBe(print('--missed', '4'));
    expect(print('--guardian')).toBe(print());
  });
});
