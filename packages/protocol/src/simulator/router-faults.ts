// What happens to the router and its file.
import { nothingDurable } from '../configuration/index.js';
import type { Fault } from './plan.js';
import type { World } from './world.js';

export function restartRouter(world: World, { forMs }: Fault): void {
  if (world.router.up) fell(world, forMs);
}

/** Nothing is left of its file, and somebody knows. */
export function loseRouter(world: World, { forMs }: Fault): void {
  if (!world.router.up || !mayRecover(world)) return;
  world.counters.count('router recoveries');
  fell(world, forMs);
  world.router.keeper.restore(nothingDurable);
  world.router.mustRecover = true;
}

const noticedMs = 200;

/** An old copy of its file is put in the place of the newest one (R1): it must notice, and wait until somebody has it recover. */
export function restoreRouter(world: World, { forMs, other }: Fault): void {
  const { router, masters, schedule, network, draws } = world;
  const { backups } = router.keeper;
  const backup = backups[other % backups.length];
  if (!router.up || backup === undefined || !mayRecover(world)) return;
  // Nobody can tell as long as there is a master that knows no more than the copy.
  const { version = 0 } = backup.configuration ?? {};
  if (!masters.every(({ store }) => (store.facts.configuration?.version ?? 0) > version)) return;
  world.counters.count('routers restored');
  world.counters.count('router recoveries');
  router.crash();
  router.keeper.restore(backup);
  router.mustRecover = true;
  schedule.after(noticedMs * draws.next(), () => {
    if (!router.up) router.start(false);
  });
  schedule.after(noticedMs + forMs, () => {
    if (network.calm || router.recovers) return;
    router.crash();
    router.start();
  });
}

/**
 * With a disk gone, too, the copies may wait for a master that never comes back: then people have to decide (R10). Nor can the router be
 * rebuilt while no master has kept a copy. Once is enough: a second time begins with the same numbers if nobody has heard of the first.
 */
function mayRecover({ masters, counters, router }: World): boolean {
  const kept = masters.some(({ store }) => store.facts.configuration !== undefined);
  return kept && !counters.counts.has('wiped disks') && !router.mustRecover;
}

function fell({ router, counters, schedule }: World, forMs: number): void {
  router.crash();
  counters.count('router restarts');
  schedule.after(forMs, () => {
    if (!router.up) router.start();
  });
}
