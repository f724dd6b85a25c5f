import type { Clock } from '@everline/chassis/clock';
import { type Identity, lives, signal, watchControl } from '@everline/chassis/control';

/** Asks the process that holds this folder to end, and waits until it has let go. A frozen one is killed when the grace is over. */
export async function endHolder(
  dataDir: string,
  clock: Clock,
  graceMs: number,
): Promise<'ended' | 'killed' | 'none'> {
  const untilMs = clock.nowMs() + graceMs;
  let asked: Identity | undefined;
  for (;;) {
    const watched = await watchControl({ dataDir, clock });
    if (watched.kind === 'free') return asked === undefined ? 'none' : 'ended';
    const late = clock.nowMs() >= untilMs;
    if (watched.kind === 'linked') {
      const { link } = watched;
      if (asked === undefined) {
        asked = link.identity;
        await link.request('stop', {}, graceMs).catch(() => {});
      }
      await closed(link, clock, untilMs - clock.nowMs());
    } else if (watched.kind === 'silent' && watched.holder !== undefined) asked ??= watched.holder;
    if (late) return kill(asked);
    await clock.sleep(lookAgainMs);
  }
}

const lookAgainMs = 10;

function kill(identity: Identity | undefined): 'killed' | 'none' {
  if (identity === undefined || !lives(identity)) return 'none';
  signal(identity, 'SIGKILL');
  return 'killed';
}

function closed(
  link: { on(hears: { onClosed(): void }): void } & Disposable,
  clock: Clock,
  ms: number,
): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      link[Symbol.dispose]();
      resolve();
    };
    const cancel = clock.after(Math.max(0, ms), done);
    link.on({ onClosed: done });
  });
}

/** Who holds the folder now. */
export async function holderOf(dataDir: string, clock: Clock): Promise<Identity | undefined> {
  const watched = await watchControl({ dataDir, clock });
  if (watched.kind === 'silent') return watched.holder;
  if (watched.kind !== 'linked') return undefined;
  watched.link[Symbol.dispose]();
  return watched.link.identity;
}
