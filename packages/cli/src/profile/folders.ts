import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from '@everline/chassis/config';

/** The XDG base directory rules: a variable that is empty or not absolute is as good as unset. */
export function configFolder(environment: Environment): string {
  return join(base(environment.XDG_CONFIG_HOME, environment, '.config'), 'everline');
}

export function dataFolder(environment: Environment): string {
  return join(base(environment.XDG_DATA_HOME, environment, join('.local', 'share')), 'everline');
}

function base(value: string | undefined, environment: Environment, fallback: string): string {
  if (value !== undefined && isAbsolute(value)) return value;
  const home = environment.HOME;
  return join(home !== undefined && isAbsolute(home) ? home : homedir(), fallback);
}
