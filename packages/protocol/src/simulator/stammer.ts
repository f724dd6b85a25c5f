import type { Master } from './master.js';
import type { Fault } from './plan.js';
import type { Process } from './process.js';
import type { World } from './world.js';

/**
 * Calls come late, and more than once, while a standby with a slow disk now stands still, now is unknown to the router. So it leaves the
 * in-sync set and comes back, and what was refused a moment ago, or is long done, comes once more (M5, R1); also when its reign is over (R2).
 */
export function stammer(world: World, { forMs, other, chance }: Fault): void {
  const { network, schedule, draws, masters, router } = world;
  const available = world.masterOf(router.keeper.file.configuration?.availableId ?? '');
  const standbys = masters.filter((master) => master.up && master !== available);
  const victim = standbys[other % standbys.length];
  if (victim === undefined || available === undefined) return;
  const untilMs = schedule.nowMs + 600 + forMs;
  const { health } = victim.store;
  health.slowMs = 200 * chance;
  network.stammers++;
  const next = (): void => {
    if (network.calm) return;
    if (schedule.nowMs < untilMs) {
      // Whoever comes back and is unknown is refused.
      const later = (): void => void schedule.after(draws.between(20, 200), next);
      const then = draws.chance(0.6) ? () => becomeUnknown(world, victim, later) : later;
      standStill(world, victim, available, then);
      return;
    }
    network.stammers--;
    health.slowMs = 0;
  };
  next();
  if (other % 3 !== 0) schedule.after(draws.between(40, 120), () => fell(world, available, forMs));
}

function standStill(
  { schedule, draws, network }: World,
  victim: Master,
  available: Master,
  then: () => void,
): void {
  victim.pause();
  tear(network.lines, victim, available);
  schedule.after(draws.between(50, 150), () => {
    if (network.calm) return;
    victim.resume();
    then();
  });
}

function becomeUnknown({ schedule, draws, network, router }: World, victim: Master, then: () => void): void {
  tear(network.lines, victim, router);
  network.cut(victim.name, router.name);
  schedule.after(draws.between(20, 150), () => {
    if (network.calm) return;
    network.mend(victim.name, router.name);
    then();
  });
}

function fell(world: World, master: Master, forMs: number): void {
  if (world.network.calm) return;
  world.kill(master);
  world.schedule.after(forMs, () => world.restart(master));
}

function tear(lines: World['network']['lines'], here: Process, there: Process): void {
  for (const line of [...lines]) if (line.touches(here) && line.touches(there)) line.breakOff();
}
