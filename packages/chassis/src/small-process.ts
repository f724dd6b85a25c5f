// How a process of Node is started that shall take little memory; whoever starts roles gives both.
import { setFlagsFromString } from 'node:v8';

/** Of what lives: so much more may be taken before everything is collected. V8 looks at it at every collection. */
const growing = (percent: number): string => `--heap-growing-percent=${percent}`;
const little = growing(50);
const much = growing(200);

/**
 * V8 keeps up to 48 MB for what dies young, and lets the rest grow to several times what lives. A role needs neither: with these a master of 100,000 posts takes little more
 * than half.
 */
export const smallHeap: readonly string[] = ['--max-semi-space-size=2', little];

/** glibc gives every thread memory of its own, which it keeps: a megabyte and more each, of which little is in use. JavaScript runs in one thread. */
export const oneArena: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '1' };

/**
 * For as long as everybody waits for this process: a third as many collections of everything, each of which takes a core from whoever serves, for some 25 MB.
 * Whoever started this process without `smallHeap` has chosen, and it stays at that.
 */
export function giveRoom(wanted: boolean): void {
  if (smallHeap.every((flag) => process.execArgv.includes(flag))) setFlagsFromString(wanted ? much : little);
}
