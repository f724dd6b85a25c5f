import type { Environment } from '@everline/chassis/config';
import type { Command } from 'commander';
import { Ending, type ExitCode } from './ending.js';
import { type Style, styleFor } from './print/style.js';
import { visibleJson } from './print/visible.js';
import { configFolder } from './profile/folders.js';
import { type Profile, profilePath, readProfile } from './profile/profile.js';
import { type GlobalFlags, profileName, resolveSettings, type Settings } from './settings/settings.js';
import type { Terminal } from './terminal.js';

/** What a command works with. */
export interface Context {
  readonly terminal: Terminal;
  readonly environment: Environment;
  readonly settings: Settings;
  /** Where `login` keeps who I am. */
  readonly profilePath: string;
  /** Colours of stdout, and of stderr. */
  readonly style: Style;
  readonly noteStyle: Style;
  /** To stdout: the text for people, or with --json the value as one line. */
  data(text: string, value: object): void;
  /** To stderr, unless --quiet: what a person may like to know. */
  note(line: string): void;
}

/** Wraps a command's work into a commander action; `Arguments` are the command's arguments, then its own options. */
export type Act = <Arguments extends unknown[]>(
  work: (context: Context, ...args: Arguments) => Promise<ExitCode | undefined>,
) => (...args: unknown[]) => Promise<void>;

/** Every file under commands/ exports one of these as `define`. */
export type DefineCommand = (program: Command, act: Act) => Command;

export function openContext(
  terminal: Terminal,
  environment: Environment,
  flags: GlobalFlags,
  options: { readonly forgiveProfile?: boolean } = {},
): Context {
  const path = profilePath(configFolder(environment), profileName(flags, environment));
  const profile = options.forgiveProfile === true ? readForgivingly(path) : readProfile(path);
  const settings = resolveSettings(flags, environment, profile);
  return {
    terminal,
    environment,
    settings,
    profilePath: path,
    style: styleFor(terminal.out),
    noteStyle: styleFor(terminal.err),
    data(text, value) {
      terminal.out.write(settings.json ? `${visibleJson(value)}\n` : text);
    },
    note(line) {
      if (!settings.quiet && !settings.json) terminal.err.write(`${line}\n`);
    },
  };
}

/** For what replaces, removes or judges a damaged profile. */
function readForgivingly(path: string): Profile {
  try {
    return readProfile(path);
  } catch (error) {
    if (error instanceof Ending) return {};
    throw error;
  }
}
