import { formatAddress, parseAddress } from './address.js';

/** One setting: where it may stand, and what text is a value of it. */
export interface Setting<T> {
  /** `--lease-ms`. */
  readonly flag: `--${string}`;
  /** `EVERLINE_LEASE_MS`. A flag wins over the environment, the environment over the default. */
  readonly env?: string;
  readonly help: string;
  /** The name of the value in `--help`; a setting without one is a switch. */
  readonly value?: string;
  /** Taken as it is. Without one (and not `optional`) the setting must be given. */
  readonly default?: T;
  readonly optional: boolean;
  /** @throws RangeError whose message ends the sentence "--flag …". */
  parse(text: string): T;
}

interface Place {
  readonly flag: `--${string}`;
  readonly env?: string;
  readonly help: string;
}
interface Required<T> extends Place {
  readonly default?: T;
}
interface Optional extends Place {
  readonly optional: true;
}
type Options<T> = Required<T> | Optional;
type Made<O, T> = O extends Optional ? Setting<T | undefined> : Setting<T>;
type Range = { readonly min?: number; readonly max?: number };

function make<T, O extends Options<T>>(
  options: O,
  value: string | undefined,
  parse: (text: string) => T,
): Made<O, T> {
  const made = { optional: false, ...options, ...(value === undefined ? {} : { value }), parse };
  return made as unknown as Made<O, T>;
}

/** The kinds of settings. Every one takes `{ flag, env?, help, default? }`, or `optional: true` for one that may be missing (then its value is undefined). */
export const setting = {
  /** `HOST:PORT`; kept as normalised text. Port 0: the system chooses. */
  address: <O extends Options<string>>(options: O) => make(options, 'HOST:PORT', normalAddress),
  /** `HOST:PORT[,HOST:PORT…]`, at least one, each once. */
  addresses: <O extends Options<readonly string[]>>(options: O) =>
    make(options, 'HOST:PORT[,…]', (text): readonly string[] =>
      Object.freeze([...new Set(text.split(',').map(normalAddress))]),
    ),
  /** Whole milliseconds within `min` (default 1) and `max`. */
  milliseconds: <O extends Options<number> & Range>(options: O) =>
    make(options, 'MS', (text) => whole(text, { min: 1, ...options }, ' ms')),
  /** A whole number within `min` (default 0) and `max`. */
  integer: <O extends Options<number> & Range>(options: O) =>
    make(options, 'N', (text) => whole(text, { min: 0, ...options }, '')),
  /** Any text that is not empty. */
  text: <O extends Options<string>>(options: O) => make(options, 'TEXT', (text) => text),
  /** The path of a directory; not looked at. */
  directory: <O extends Options<string>>(options: O) => make(options, 'DIR', (text) => text),
  /** One of some words. */
  choice: <const W extends string, O extends Options<NoInfer<W>>>(words: readonly W[], options: O) =>
    make(options, words.join('|'), (text) => oneOf(words, text)),
  /** A switch: false unless given. In the environment `1` or `true`, `0` or `false`. */
  flag: (options: Place): Setting<boolean> => ({
    ...options,
    optional: false,
    default: false,
    parse: (text) => oneOf(['true', '1', 'false', '0'], text) === (text === '1' ? '1' : 'true'),
  }),
} as const;

function normalAddress(text: string): string {
  try {
    return formatAddress(parseAddress(text));
  } catch (cause) {
    throw new RangeError(`must be HOST:PORT (e.g. 127.0.0.1:3010), not "${text}"`, { cause });
  }
}

function whole(text: string, { min = 0, max = Number.MAX_SAFE_INTEGER }: Range, unit: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const limit = max === Number.MAX_SAFE_INTEGER ? `at least ${min}${unit}` : `from ${min} to ${max}${unit}`;
  throw new RangeError(`must be a whole number ${limit}, not "${text}"`);
}

function oneOf<W extends string>(words: readonly W[], text: string): W {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new RangeError(`must be one of ${words.join(', ')}, not "${text}"`);
  return found;
}
