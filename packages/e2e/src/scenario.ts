import { existsSync, readFileSync } from 'node:fs';
import { test } from '@jest/globals';
import type { Cluster } from './cluster/cluster.js';

const tailLines = 6;

/** A deadline says what is long on a quiet machine; a busy one may take so many times as long. */
const busy = 4;

type Play = () => Promise<void>;

/** A test whose failure brings along what the processes said last. */
export function scenario(
  title: string,
  play: Play,
  deadlineMs: number,
  cluster?: () => Cluster | undefined,
): void {
  test(title, withLastWords(play, cluster), deadlineMs * busy);
}

/** Where a means is missing the scenario is skipped, and its name says which. */
export function scenarioWith(
  means: { readonly there: boolean; readonly name: string },
  title: string,
  play: Play,
  deadlineMs: number,
  cluster?: () => Cluster | undefined,
): void {
  if (means.there) scenario(title, play, deadlineMs, cluster);
  else test.skip(`${title} (needs ${means.name})`, play);
}

function withLastWords(play: Play, cluster: (() => Cluster | undefined) | undefined): Play {
  return async () => {
    try {
      await play();
    } catch (error) {
      const said = cluster?.()?.members.map(({ name, logFile }) => `--- ${name}\n${tail(logFile)}`);
      if (said !== undefined && error instanceof Error) error.message += `\n${said.join('\n')}`;
      throw error;
    }
  };
}

function tail(path: string): string {
  if (!existsSync(path)) return '(no log)';
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-tailLines).join('\n');
}
