import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExitWith } from '@everline/chassis/lifecycle';
import { parse, UsageError } from '../command-line.js';
import { type Home, homeOf, isName } from '../settings.js';

export interface Named {
  readonly name: string;
  readonly home: Home;
}

export interface VerbLine {
  readonly named: readonly Named[];
  readonly values: Readonly<Record<string, unknown>>;
}

/** The names on the command line of a verb, with where they live. */
export function readVerbLine(
  argv: readonly string[],
  defaultDataDir: string,
  flags: Record<string, { type: 'string' | 'boolean'; short?: string }> = {},
): VerbLine {
  const { values, positionals } = parse(argv, { ...flags, data: { type: 'string' } }, true);
  const dataDir = resolve(typeof values.data === 'string' ? values.data : defaultDataDir);
  const named = positionals.map((name) => {
    if (!isName(name)) throw new UsageError(`${JSON.stringify(name)} is no name of a watchdog`);
    const home = homeOf(dataDir, name);
    if (!existsSync(home.folder)) throw new ExitWith(1, `${name} was never watched in ${dataDir}`);
    return { name, home };
  });
  return { named: positionals.length > 0 ? named : allIn(dataDir), values };
}

export function exactlyOne(argv: readonly string[], { named }: VerbLine, verb: string): Named {
  const [only, ...others] = named;
  if (only === undefined || others.length > 0 || !argv.includes(only.name))
    throw new UsageError(`say which one: everline-watchdog ${verb} NAME`);
  return only;
}

function allIn(dataDir: string): readonly Named[] {
  if (!existsSync(dataDir)) return [];
  return readdirSync(dataDir)
    .filter(isName)
    .map((name) => ({ name, home: homeOf(dataDir, name) }))
    .filter(({ home }) => existsSync(home.events))
    .sort((a, b) => a.name.localeCompare(b.name));
}
