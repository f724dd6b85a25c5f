/** Flags → settings, or one sentence about what is wrong with them. Pure. */
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Address, parseAddress } from '@everline/chassis/address';
import { isName, type Settings } from './settings.js';

/** What the person typed cannot be carried out; the message is for them. */
export class UsageError extends Error {}

interface NumberFlag {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  readonly help: string;
}

const hourMs = 3_600_000;

/** Every number that can be set: its default, its limits, and what it does. */
export const numberFlags = {
  'ping-ms': { fallback: 1_000, min: 10, max: 60_000, help: 'how often the child is pinged' },
  missed: { fallback: 3, min: 1, max: 100, help: 'so many pings without an answer: hung, killed' },
  'grace-ms': { fallback: 10_000, min: 0, max: hourMs, help: 'from SIGTERM to SIGKILL' },
  'start-ms': {
    fallback: 30_000,
    min: 100,
    max: hourMs,
    help: 'a child with --child-data opens its control socket within this',
  },
  'log-size': {
    fallback: 10_000_000,
    min: 1_000,
    max: 2 ** 40,
    help: 'bytes after which the output is rotated (also 10MB, 500KB)',
  },
  'log-files': { fallback: 5, min: 1, max: 100, help: 'rotated files that are kept' },
  'settled-ms': {
    fallback: 1_000,
    min: 0,
    max: hourMs,
    help: 'ready for longer than this: started again at once',
  },
  'restart-first-ms': {
    fallback: 100,
    min: 0,
    max: hourMs,
    help: 'else after this, doubled each time, with full jitter',
  },
  'restart-max-ms': { fallback: 5_000, min: 0, max: hourMs, help: 'up to this' },
  'forget-ms': { fallback: 60_000, min: 1, max: 24 * hourMs, help: 'ready for this long: all is forgotten' },
  'max-deaths': { fallback: 5, min: 1, max: 1_000, help: 'more deaths than this …' },
  'within-ms': { fallback: 30_000, min: 1, max: 24 * hourMs, help: '… within this time: held' },
  'held-ms': { fallback: 30_000, min: 1, max: 24 * hourMs, help: 'one try in this time while held' },
} as const satisfies Record<string, NumberFlag>;

type NumberFlagName = keyof typeof numberFlags;

const textFlags = ['name', 'data', 'child-data', 'report-to'] as const;

export interface RunRequest {
  readonly settings: Settings;
  /** Started by a keeper to stand guard in the background. */
  readonly guardian: boolean;
}

export function parseRun(argv: readonly string[], defaultDataDir: string): RunRequest {
  const split = argv.indexOf('--');
  const flags = split < 0 ? argv : argv.slice(0, split);
  const [program, ...args] = split < 0 ? [] : argv.slice(split + 1);
  const values = readFlags(flags);
  if (program === undefined)
    throw new UsageError('say what to run: everline-watchdog [flags] -- COMMAND ARGS…');
  const childData = values['child-data'];
  const name = values.name ?? basename(childData ?? program).toLowerCase();
  if (!isName(name))
    throw new UsageError(
      `--name: ${JSON.stringify(name)} is not 1–32 of a-z 0-9 . _ -, beginning with a letter or digit`,
    );
  const number = (flag: NumberFlagName): number => readNumber(flag, values[flag]);
  const settings: Settings = {
    name,
    dataDir: resolve(values.data ?? defaultDataDir),
    childDataDir: childData === undefined ? undefined : resolve(childData),
    reportTo: (values['report-to'] ?? '').split(',').filter(Boolean).map(readRouter),
    command: [program, ...args],
    hang: { pingMs: number('ping-ms'), missed: number('missed') },
    graceMs: number('grace-ms'),
    startMs: number('start-ms'),
    log: { maxBytes: number('log-size'), files: number('log-files') },
    intensity: {
      settledMs: number('settled-ms'),
      firstDelayMs: number('restart-first-ms'),
      maxDelayMs: number('restart-max-ms'),
      forgetMs: number('forget-ms'),
      maxDeaths: number('max-deaths'),
      withinMs: number('within-ms'),
      heldMs: number('held-ms'),
    },
  };
  check(settings);
  return { settings: Object.freeze(settings), guardian: values.guardian === 'true' };
}

type FlagValues = Partial<Record<NumberFlagName | (typeof textFlags)[number] | 'guardian', string>>;

function readFlags(argv: readonly string[]): FlagValues {
  const names = [...textFlags, ...Object.keys(numberFlags)];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parse(argv, { ...options, guardian: { type: 'boolean' } });
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

/** `parseArgs`, with its complaints as ours. */
export function parse(
  argv: readonly string[],
  options: Record<string, { type: 'string' | 'boolean'; short?: string }>,
  allowPositionals = false,
): { values: Record<string, unknown>; positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function readNumber(flag: NumberFlagName, text: string | undefined): number {
  const { fallback, min, max } = numberFlags[flag];
  if (text === undefined) return fallback;
  const [, digits, unit] = /^(\d{1,15})(KB|MB|GB)?$/i.exec(text) ?? [];
  const factor = { KB: 1e3, MB: 1e6, GB: 1e9 }[unit?.toUpperCase() ?? ''] ?? 1;
  const value =
    digits === undefined || (unit !== undefined && flag !== 'log-size')
      ? Number.NaN
      : Number(digits) * factor;
  if (!(value >= min && value <= max))
    throw new UsageError(`--${flag}: ${JSON.stringify(text)} is not a whole number from ${min} to ${max}`);
  return value;
}

function readRouter(text: string): Address {
  try {
    return parseAddress(text);
  } catch (error) {
    throw new UsageError(`--report-to: ${JSON.stringify(text)} is not HOST:PORT`, { cause: error });
  }
}

function check({ intensity, reportTo, childDataDir }: Settings): void {
  if (intensity.firstDelayMs > intensity.maxDelayMs)
    throw new UsageError('--restart-first-ms must not be more than --restart-max-ms');
  if (reportTo.length > 0 && childDataDir === undefined)
    throw new UsageError(
      '--report-to wants --child-data: a death is reported by what the child said of itself there',
    );
}
