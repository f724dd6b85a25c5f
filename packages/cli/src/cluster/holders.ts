import type { Clock } from '@everline/chassis/clock';
import { type ControlLink, type Identity, signal, watchControl } from '@everline/chassis/control';

export type HowEnded = 'ended' | 'killed' | 'none';

const lookAgainMs = 10;
/** From a SIGKILL to the next one, for whoever has come in the place of the killed one. */
const killAgainMs = 2_000;
const mostKills = 3;

/**
 * Asks the process that holds this folder to end, and whoever takes its place meanwhile, and waits until nobody holds it.
 * Who does not end within the grace, frozen perhaps, is killed.
 */
export async function endHolder(dataDir: string, clock: Clock, graceMs: number): Promise<HowEnded> {
  const asked = new Set<string>();
  let untilMs = clock.nowMs() + graceMs;
  let kills = 0;
  for (;;) {
    const watched = await watchControl({ dataDir, clock });
    if (watched.kind === 'free') return kills > 0 ? 'killed' : asked.size > 0 ? 'ended' : 'none';
    if (watched.kind === 'linked') await askToEnd(watched.link, asked, clock, untilMs);
    const holder = watched.kind === 'linked' ? watched.link.identity : holderIn(watched);
    if (clock.nowMs() >= untilMs) {
      if (holder === undefined || kills === mostKills) return kills > 0 ? 'killed' : 'none';
      signal(holder, 'SIGKILL');
      kills += 1;
      untilMs = clock.nowMs() + killAgainMs;
    }
    await clock.sleep(lookAgainMs);
  }
}

/** Once for each process; then until it hangs up, or the time is over. */
async function askToEnd(link: ControlLink, asked: Set<string>, clock: Clock, untilMs: number): Promise<void> {
  const { instance } = link.identity;
  const leftMs = (): number => Math.max(1, untilMs - clock.nowMs());
  if (!asked.has(instance)) {
    asked.add(instance);
    // It may hang up before it answers: what counts is that it has ended, which is looked at next.
    await link.request('stop', {}, leftMs()).catch(() => {});
  }
  await new Promise<void>((resolve) => {
    const cancel = clock.after(leftMs(), resolve);
    link.on({
      onClosed: () => {
        cancel();
        resolve();
      },
    });
  });
  link[Symbol.dispose]();
}

/** Who holds the folder now. */
export async function holderOf(dataDir: string, clock: Clock): Promise<Identity | undefined> {
  const watched = await watchControl({ dataDir, clock });
  if (watched.kind !== 'linked') return holderIn(watched);
  watched.link[Symbol.dispose]();
  return watched.link.identity;
}

function holderIn(watched: {
  readonly kind: string;
  readonly holder?: Identity | undefined;
}): Identity | undefined {
  return watched.kind === 'silent' ? watched.holder : undefined;
}
