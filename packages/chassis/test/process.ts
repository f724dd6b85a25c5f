/** The processes of lifecycle.test.ts. */
import { writeSync } from 'node:fs';
import {
  defineSettings,
  ExitWith,
  processArguments,
  processEnvironment,
  type Running,
  readSettings,
  runProcess,
  setting,
} from '../src/index.js';

const say = (word: string): void => void writeSync(1, `${word}\n`);
const never = new Promise<never>(() => {});
const [what, ...args] = processArguments();
const alive = setInterval(() => {}, 1_000);

function running(dispose: () => Promise<void>, finished?: Promise<unknown>): Running {
  return { [Symbol.asyncDispose]: dispose, ...(finished === undefined ? {} : { finished }) };
}

const polite = async (): Promise<void> => {
  clearInterval(alive);
  say('disposed');
};
const boom = (): never => {
  throw new Error('boom');
};

const starts: Readonly<Record<string, (stop: AbortSignal) => Promise<Running>>> = {
  serve: async () => running(polite),
  'hang-in-disposal': async () =>
    running(() => {
      say('disposing');
      return never;
    }),
  'fail-in-disposal': async () => running(async () => boom()),
  'start-slowly': (stop) =>
    new Promise((_, reject) => stop.addEventListener('abort', () => reject(stop.reason))),
  'never-start': () => never,
  finish: async () => running(polite, Promise.resolve()),
  'finish-badly': async () =>
    running(async () => boom(), Promise.reject(new ExitWith(75, 'the disk is gone'))),
  'throw-in-start': async () => boom(),
  'throw-later': async () => {
    setImmediate(boom);
    return running(polite);
  },
  'reject-later': async () => {
    setImmediate(() => void Promise.reject(new Error('boom')));
    return running(polite);
  },
  configure: async () => {
    const pingMs = setting.milliseconds({
      flag: '--ping-ms',
      default: 100,
      max: 1_000,
      help: 'how often to ping',
    });
    readSettings(defineSettings({ pingMs }, { name: 'example' }), args, processEnvironment());
    return running(polite);
  },
};

await runProcess(
  'example',
  async (stop) => {
    stop.addEventListener('abort', () => say('aborted'));
    const start = starts[what ?? ''];
    if (start === undefined) throw new Error(`no such process: ${what}`);
    const started = start(stop);
    say('started');
    return await started;
  },
  { graceMs: what === 'configure' ? 10_000 : Number(args[0] ?? 10_000) },
);
