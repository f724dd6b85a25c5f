#!/usr/bin/env node
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { systemClock as clock } from '@everline/chassis/clock';
import { processArguments, processEnvironment } from '@everline/chassis/environment';
import { ExitWith, type Running, runProcess } from '@everline/chassis/lifecycle';
import { systemRandom as random } from '@everline/chassis/random';
import { parseRun, type RunRequest, UsageError } from './command-line.js';
import { createEvents } from './events.js';
import { ignoresHangup } from './hangup.js';
import { runPair } from './pair.js';
import { createPlainLog } from './plain-log.js';
import { type CreateReporter, createSilentReporter } from './report/report.js';
import { homeOf, type Settings } from './settings.js';
import { createStopWish } from './stop-wish.js';
import { usage } from './usage.js';
import type { Verb } from './verbs/verb.js';
import { mute, openVoice } from './voice.js';

// W11: by default V8 lets new objects take 48 MB before it looks for garbage, and spends memory to be fast. This process has next to nothing to do.
for (const flag of ['--semi-space-growth-factor=1', '--optimize-for-size', '--no-opt'])
  setFlagsFromString(flag);

const name = 'everline-watchdog';
/** Loaded when they are asked for: the pair has no use for them (W11). */
const verbs: Readonly<Record<string, () => Promise<Verb>>> = {
  logs: async () => (await import('./verbs/logs.js')).logs,
  restart: async () => (await import('./verbs/restart.js')).restart,
  status: async () => (await import('./verbs/status.js')).status,
  stop: async () => (await import('./verbs/stop.js')).stop,
  unit: async () => (await import('./verbs/unit.js')).unit,
};
/** Until the child's grace is over, and the kill has been carried out. */
const beyondGraceMs = 10_000;
const usageCode = 2;
const configurationCode = 78;

async function main(): Promise<void> {
  const argv = processArguments();
  const { XDG_DATA_HOME } = processEnvironment();
  const defaultDataDir = join(XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'everline', 'watchdog');
  const [first = '', ...rest] = argv;
  const flags = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  if (flags.includes('--help') || flags.includes('-h') || argv.length === 0) {
    const code = argv.length === 0 ? usageCode : 0;
    await endWith(new ExitWith(code, usage(defaultDataDir)));
  }
  const verb = Object.hasOwn(verbs, first) ? verbs[first] : undefined;
  if (verb !== undefined) return carryOut(await verb(), rest, defaultDataDir);
  const request = readRun(argv, defaultDataDir);
  return request instanceof ExitWith ? endWith(request) : keepRunning(request, argv);
}

function readRun(argv: readonly string[], defaultDataDir: string): RunRequest | ExitWith {
  try {
    return parseRun(argv, defaultDataDir);
  } catch (error) {
    if (error instanceof UsageError) return new ExitWith(configurationCode, error.message);
    throw error;
  }
}

/** One of the pair, to its end. */
function keepRunning({ settings, guardian }: RunRequest, argv: readonly string[]): Promise<void> {
  const home = homeOf(settings.dataDir, settings.name);
  const foreground = !guardian;
  const stdout = foreground ? openVoice(1) : mute;
  const stderr = foreground ? openVoice(2) : mute;
  const events = createEvents({ name: settings.name, home, limits: settings.log, clock, stdout, stderr });
  const wish = createStopWish();
  const start = async (): Promise<Running> => {
    const createReporter = await reporterFor(settings);
    const own = argv.filter((flag, at) => !(at === 0 && flag === '--guardian'));
    const ended = runPair({
      settings,
      home,
      argv: own,
      foreground,
      clock,
      random,
      events,
      wish,
      createReporter,
    });
    const finished = ended.then(({ code, why }) => {
      if (foreground && code !== 0) throw new ExitWith(code, `${settings.name}: ${why}`);
    });
    return {
      finished,
      // W6: the child's end is waited for, whatever the signal that ended us.
      [Symbol.asyncDispose]: async () => {
        wish.raise(1);
        await ended;
      },
    };
  };
  return runProcess(name, start, {
    graceMs: settings.graceMs + beyondGraceMs,
    log: createPlainLog(clock, openVoice(2)),
    hangup: foreground && !ignoresHangup(),
    onSecondSignal: () => wish.raise(2),
  });
}

/** W11: HTTP/2 is not loaded where there is nobody to report to; where there is, long before it is needed. */
async function reporterFor({ reportTo }: Settings): Promise<CreateReporter> {
  return reportTo.length === 0 ? createSilentReporter : (await import('./report/reporter.js')).createReporter;
}

function carryOut(verb: Verb, argv: readonly string[], defaultDataDir: string): Promise<void> {
  const start = async (interrupted: AbortSignal): Promise<Running> => {
    const { createPrint } = await import('./verbs/print.js');
    const finished = verb(argv, { clock, defaultDataDir, stop: interrupted, print: createPrint() }).catch(
      (error: unknown) => {
        throw error instanceof UsageError ? new ExitWith(usageCode, error.message) : error;
      },
    );
    return { finished, [Symbol.asyncDispose]: async () => undefined };
  };
  return runProcess(name, start, { log: createPlainLog(clock, openVoice(2)) });
}

function endWith(ending: ExitWith): Promise<void> {
  return runProcess(name, () => Promise.reject(ending), { log: createPlainLog(clock, openVoice(2)) });
}

await main();
