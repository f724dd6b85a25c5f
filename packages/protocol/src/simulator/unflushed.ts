import type { Fault } from './plan.js';
import type { World } from './world.js';

const patienceMs = 2000;

/** Whoever follows a new reign falls before its slow disk has what it was told: it must not have said that it has. */
export function unflushed(world: World, { forMs, other, chance }: Fault): void {
  const { network, schedule, draws, masters, router } = world;
  const former = world.masterOf(router.keeper.file.configuration?.availableId ?? '');
  if (former?.up !== true) return;
  world.kill(former);
  schedule.after(forMs, () => world.restart(former));
  world.onNextReign(patienceMs, ({ availableId }) => {
    const standbys = masters.filter(({ up, store }) => up && store.masterId !== availableId);
    const victim = standbys[other % standbys.length];
    if (victim === undefined) return;
    const { life, store } = victim;
    store.health.slowMs = 100 + 500 * chance;
    schedule.after(draws.between(4, 120), () => {
      if (!network.calm) store.health.slowMs = 0;
      if (network.calm || victim.life !== life) return;
      world.kill(victim, draws.chance(0.5));
      schedule.after(draws.between(20, 200), () => world.restart(victim));
    });
  });
}
