import { existsSync, readFileSync } from 'node:fs';
import { test } from '@jest/globals';
import type { Cluster } from './cluster/cluster.js';
import { NeverHappened, waitedFor } from './eventually.js';

const tailLines = 6;

/** A deadline says what is long on a quiet machine; a busy one may take so many times as long. */
const busy = 4;

const graceMs = 10_000;

type Play = () => Promise<void>;

/** A test whose failure brings along what the processes said last. */
export function scenario(
  title: string,
  play: Play,
  deadlineMs: number,
  cluster?: () => Cluster | undefined,
): void {
  const deadlineOfAllMs = deadlineMs * busy;
  // A little later jest would end it, and could not say what it waited for.
  test(
    title,
    withLastWords(() => inTime(play, deadlineOfAllMs), cluster),
    deadlineOfAllMs + graceMs,
  );
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

async function inTime(play: Play, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const tell = (): void =>
      reject(new NeverHappened(`not done within ${deadlineMs} ms; waits for: ${waitedFor()}`));
    timer = setTimeout(tell, deadlineMs);
  });
  try {
    await Promise.race([play(), late]);
  } finally {
    clearTimeout(timer);
  }
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
