import { Command, CommanderError, Option } from 'commander';
import { ExitWith, exitCodes } from '../exit-with.js';
import type { Environment } from './environment.js';
import type { Setting } from './setting.js';

/** The configuration cannot be meant. Every sentence names the flag and the limit; the process ends with 78, which no supervisor retries. */
export class ConfigurationError extends ExitWith {
  override readonly name = 'ConfigurationError';

  constructor(sentence: string, options?: { readonly cause?: unknown }) {
    super(exitCodes.configuration, sentence, options);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a table holds settings of every type; `unknown` would make `parse` incomparable.
type Table = Readonly<Record<string, Setting<any>>>;

export type SettingsOf<T extends Table> = {
  readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : never;
};

export interface Definition<T extends Table> {
  readonly table: T;
  readonly about: About<T>;
}

interface About<T extends Table> {
  /** The program, for `--help`. */
  readonly name?: string;
  readonly description?: string;
  /** Relations between settings; a sentence when one does not hold ("--lease-ms must be less than --suspicion-ms"). */
  readonly check?: (settings: SettingsOf<T>) => string | undefined;
}

/** @example defineSettings({ listen: setting.address({ flag: '--listen', env: 'EVERLINE_LISTEN', default: '127.0.0.1:3010', help: '…' }) }, { name: 'everline-router' }) */
export function defineSettings<const T extends Table>(table: T, about: About<T> = {}): Definition<T> {
  return { table, about };
}

/**
 * Flag, else environment, else default; parsed, checked, frozen. An empty variable counts as none.
 * @param argv the arguments after the program's name.
 * @throws ConfigurationError that names everything that is wrong; ExitWith 0 with the text of `--help`.
 */
export function readSettings<T extends Table>(
  { table, about }: Definition<T>,
  argv: readonly string[],
  environment: Environment,
): SettingsOf<T> {
  const flags = parseFlags(table, about, argv);
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(table)) {
    try {
      settings[key] = choose(one, flags[key], environment);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push(error.message);
    }
  }
  const frozen = Object.freeze(settings) as SettingsOf<T>;
  const broken = problems.length === 0 ? about.check?.(frozen) : undefined;
  if (broken !== undefined) problems.push(broken);
  if (problems.length > 0) throw new ConfigurationError(problems.join('; '));
  return frozen;
}

function choose(one: Setting<unknown>, flag: string | true | undefined, environment: Environment): unknown {
  if (flag !== undefined) return parse(one, flag === true ? 'true' : flag, one.flag);
  const variable = one.env === undefined ? undefined : environment[one.env];
  if (one.env !== undefined && variable !== undefined && variable !== '')
    return parse(one, variable, one.env);
  if (one.default !== undefined || one.optional) return one.default;
  const also = one.env === undefined ? '' : ` (or ${one.env})`;
  throw new RangeError(`${one.flag}${also} must be given: ${one.help}`);
}

function parse(one: Setting<unknown>, text: string, from: string): unknown {
  try {
    if (text.trim() === '') throw new RangeError('must not be empty');
    return one.parse(text.trim());
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`${from} ${error.message}`, { cause: error }) : error;
  }
}

/** What commander found, by the keys of the table. */
function parseFlags(
  table: Table,
  about: { readonly name?: string; readonly description?: string },
  argv: readonly string[],
): Readonly<Record<string, string | true | undefined>> {
  const command = new Command(about.name ?? 'everline');
  let printed = '';
  command
    .description(about.description ?? '')
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ writeOut: (text) => (printed += text), writeErr: () => {} });
  const keys = new Map<string, string>();
  for (const [key, one] of Object.entries(table)) {
    const option = new Option(one.value === undefined ? one.flag : `${one.flag} <${one.value}>`, helpOf(one));
    keys.set(option.attributeName(), key);
    command.addOption(option);
  }
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw error.exitCode === 0
      ? new ExitWith(exitCodes.done, printed.trimEnd(), { cause: error })
      : new ConfigurationError(error.message.replace(/^error: /, ''), { cause: error });
  }
  const found = Object.entries(command.opts<Record<string, string | true>>());
  return Object.fromEntries(found.map(([name, value]) => [keys.get(name) ?? name, value]));
}

function helpOf(one: Setting<unknown>): string {
  const byDefault =
    one.default === undefined || one.default === false ? [] : [`default ${String(one.default)}`];
  const notes = [...byDefault, ...(one.env === undefined ? [] : [`env ${one.env}`])];
  return notes.length === 0 ? one.help : `${one.help} (${notes.join(', ')})`;
}
