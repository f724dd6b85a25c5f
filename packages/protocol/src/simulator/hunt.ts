import type { Fault } from './plan.js';
import type { World } from './world.js';

const mostKills = 4;
const lookMs = 3;
const patienceMs = 2000;

/** Whoever is made available dies while it activates, one after the other. */
export function hunt(world: World, { forMs }: Fault): void {
  const { schedule, draws, counters, network } = world;
  const untilMs = schedule.nowMs + patienceMs;
  let kills = 0;
  let lastEpoch = 0;
  const look = (): void => {
    if (network.calm || schedule.nowMs > untilMs || kills === mostKills) return;
    const { availableId = '', epoch = 0 } = world.router.keeper.file.configuration ?? {};
    const prey = world.masterOf(availableId);
    schedule.after(lookMs, look);
    if (epoch === lastEpoch || prey?.up !== true) return;
    lastEpoch = epoch;
    kills++;
    if (kills > 1) counters.count('successors killed');
    const { life } = prey;
    schedule.after(kills === 1 ? 0 : draws.next() * 40, () => {
      if (network.calm || prey.life !== life) return;
      world.kill(prey);
      schedule.after(forMs, () => world.restart(prey));
    });
  };
  look();
}
