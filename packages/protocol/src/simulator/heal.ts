import type { World } from './world.js';

/** Every fault ends. */
export function heal(world: World): void {
  const { network, masters, router } = world;
  world.healedAtMs = world.schedule.nowMs;
  if (world.tracing) world.note('world', { healed: true });
  network.calm = true;
  network.cuts.clear();
  network.loss = 0;
  network.slowMs = 0;
  router.keeper.failing = false;
  router.keeper.slowMs = 0;
  if (router.mustRecover && !router.recovers) router.crash();
  if (!router.up) router.start();
  router.resume();
  for (const master of masters) {
    master.store.health.slowMs = 0;
    master.store.health.full = false;
    master.store.health.failing = false;
    world.restart(master);
    master.resume();
  }
}
