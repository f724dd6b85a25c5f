import type { Fault } from './plan.js';
import type { World } from './world.js';

/** Links are cut one by one, and come back in another order: for a while the network is of every shape. */
export function swizzle(world: World, { forMs, chance }: Fault): void {
  const { network, schedule, draws, counters } = world;
  const names = ['router', ...world.masters.map(({ name }) => name)];
  for (const from of names) {
    for (const to of names) {
      if (from === to || !draws.chance(0.3 + 0.5 * chance)) continue;
      const cutMs = draws.next() * forMs;
      const mendMs = cutMs + draws.next() * forMs;
      let cut = false;
      schedule.after(cutMs, () => {
        cut = !network.calm;
        if (cut) network.cut(from, to);
      });
      schedule.after(mendMs, () => {
        if (!cut || network.calm) return;
        counters.count('healed partitions');
        network.mend(from, to);
      });
    }
  }
}
