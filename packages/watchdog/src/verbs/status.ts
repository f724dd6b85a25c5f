import { ExitWith } from '@everline/chassis/lifecycle';
import type { PairStatus } from '../keeper/status.js';
import { askStatus } from './ask.js';
import { readVerbLine } from './names.js';
import type { Verb } from './verb.js';

/** Exit code 1 when one of them is not ready. */
export const status: Verb = async (argv, { clock, defaultDataDir, print }) => {
  const { named, values } = readVerbLine(argv, defaultDataDir, { json: { type: 'boolean' } });
  const all = await Promise.all(named.map((one) => askStatus(one, clock)));
  for (const one of all)
    await print(values.json === true ? `${JSON.stringify(one)}\n` : `${sentence(one)}\n`);
  const notReady = all.filter(({ child }) => child.state !== 'ready').map(({ name }) => name);
  if (notReady.length > 0) throw new ExitWith(1, `not ready: ${notReady.join(', ')}`);
};

function sentence({ name, keeper, guardian, child, restarts, held }: PairStatus): string {
  const pair =
    keeper === null
      ? 'no watchdog'
      : `keeper ${keeper}, ${guardian === null ? 'no guardian' : `guardian ${guardian.pid}`}`;
  const parts = [
    child.state,
    child.pid === undefined ? undefined : `pid ${child.pid}`,
    child.readyMs === undefined ? undefined : `for ${duration(child.readyMs)}`,
    child.nextTryInMs === undefined ? undefined : `next try in ${duration(child.nextTryInMs)}`,
    held ? 'held' : undefined,
    child.why,
    `${restarts} restart${restarts === 1 ? '' : 's'}`,
    pair,
  ];
  return `${name}: ${parts.filter((part) => part !== undefined).join(', ')}`;
}

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
