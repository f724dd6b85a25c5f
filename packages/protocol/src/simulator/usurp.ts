import { holdMs } from '../configuration/limits.js';
import type { Master } from './master.js';
import type { Fault } from './plan.js';
import type { World } from './world.js';

/** As long as it takes until the role has moved, and what comes of that. */
export const usurpMs = holdMs + 900;
/** A standby is away for about so long. */
const awayMs = 30;

/**
 * The role is taken from one that still serves: the router alone does not hear it, and after a while goes over the word of those who do (R8).
 * Here a reign begins while the one before is in full swing, with every lease alive; and something goes wrong at that very moment.
 */
export function usurp(world: World, { other }: Fault): void {
  const { network, schedule, counters, router } = world;
  const former = world.masterOf(router.keeper.file.configuration?.availableId ?? '');
  if (former?.up !== true || !router.up) return;
  const ways = [
    [former.name, router.name],
    [router.name, former.name],
  ] as const;
  for (const [from, to] of ways) network.cut(from, to);
  schedule.after(usurpMs, () => {
    if (network.calm) return;
    counters.count('healed partitions');
    for (const [from, to] of ways) network.mend(from, to);
  });
  const mishap = mishaps[other % mishaps.length];
  mishap?.(world, former);
}

const mishaps: readonly ((world: World, former: Master) => void)[] = [
  untold,
  torn,
  untold,
  forgotten,
  untold,
];

/** The others hear of the new reign before its master does, which still takes what the former one sends. */
function untold(world: World, former: Master): void {
  const { network, schedule, draws, router } = world;
  world.onNextReign(usurpMs, ({ availableId }) => {
    const heir = world.masterOf(availableId);
    if (heir === undefined || heir === former) return;
    network.cut(router.name, heir.name);
    schedule.after(draws.between(20, 250), () => {
      if (!network.calm) network.mend(router.name, heir.name);
    });
  });
}

/** The two lose sight of each other, so that the new one takes the former for gone. */
function torn(world: World, former: Master): void {
  world.onNextReign(usurpMs, ({ availableId }) => {
    const heir = world.masterOf(availableId);
    if (heir === undefined || heir === former) return;
    for (const line of [...world.network.lines])
      if (line.touches(heir) && line.touches(former)) line.breakOff();
  });
}

/** Who takes the role has just been started anew, and remembers nothing of the lease it granted. */
function forgotten(world: World, former: Master): void {
  const { router, masters, network, draws } = world;
  const heardMs = router.told.members.find(({ masterId }) => masterId === former.store.masterId)?.heardMs;
  if (heardMs === undefined) return;
  router.later(heardMs + holdMs - awayMs / 2 - router.nowMs, () => {
    for (const master of masters) {
      if (master === former || !master.up || network.calm) continue;
      world.kill(master);
      world.schedule.after(awayMs * (0.7 + draws.next()), () => world.restart(master));
    }
  });
}
