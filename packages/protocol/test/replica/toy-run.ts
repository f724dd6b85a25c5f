// One schedule: faults from a seed, then a quiet end, then the bill.
import { type Core, type Plan, ToyWorld } from './toy-world.js';

export interface Bill {
  readonly findings: readonly string[];
  readonly trace: readonly string[];
  readonly acknowledged: number;
  readonly epochs: number;
}

export function runToyWorld(core: Core, seed: number, plan: Plan): Bill {
  const world = new ToyWorld(core, seed, plan);
  world.after(500, () => strike(world, { wiped: false }));
  world.after(plan.durationMs, () => heal(world));
  world.run(plan.durationMs + 4000);
  world.stopped = true;
  world.run(plan.durationMs + 6500);
  if (world.findings.length === 0) settleUp(world);
  const { findings, acknowledged, router } = world;
  const trace = findings.length === 0 ? [] : world.trace;
  return { findings, trace, acknowledged: acknowledged.size, epochs: router.now.epoch };
}

function strike(world: ToyWorld, once: { wiped: boolean }): void {
  if (world.quiet) return;
  const availableId = world.router.now.availableId;
  const available = world.masters.find(({ masterId }) => masterId === availableId);
  const one = world.draw() < 0.6 && available !== undefined ? available : world.pick(world.masters);
  const others = world.masters.filter((master) => master !== one).map(({ name }) => name);
  const both = world.draw() < 0.6;
  const heals = (ms: number): void => world.after(world.between(100, ms), () => world.cuts.clear());
  const fate = world.draw();
  if (fate < 0.2) kill(world, one, once);
  else if (fate < 0.4) hang(world, one);
  else if (fate < 0.52) heals(cut(world, [one.name], others, both));
  else if (fate < 0.64) heals(cut(world, [one.name], ['router'], both));
  else if (fate < 0.72) heals(cut(world, [one.name], ['router', ...others], true));
  else if (fate < 0.78) heals(cut(world, [one.name], [world.pick(others)], both));
  else if (fate < 0.84) lose(world);
  else if (fate < 0.88) slow(world);
  else if (fate < 0.93) one.resign();
  else if (fate < 0.97) for (const master of world.masters) kill(world, master, { wiped: true });
  else heals(cut(world, ['router'], [one.name, ...others], true));
  world.after(world.between(100, 1200), () => strike(world, once));
}

function kill(world: ToyWorld, one: ToyWorld['masters'][number], once: { wiped: boolean }): void {
  if (!one.up) return;
  // A disk may be lost while another one in the set lives to tell.
  const { inSyncIds } = world.router.now;
  const spare = world.masters.some(
    (other) => other !== one && other.up && inSyncIds.includes(other.masterId),
  );
  const wipe = !once.wiped && world.plan.minInSync > 1 && spare && world.draw() < 0.25;
  once.wiped = once.wiped || wipe;
  one.crash(wipe);
  world.after(world.between(20, 1500), () => {
    if (!one.up) one.start();
  });
}

function hang(world: ToyWorld, one: ToyWorld['masters'][number]): void {
  if (!one.up || one.paused) return;
  one.pause();
  world.after(world.between(50, 1800), () => one.resume());
}

function cut(world: ToyWorld, here: readonly string[], there: readonly string[], both: boolean): number {
  for (const a of here) {
    for (const b of there) {
      world.cuts.add(`${a}>${b}`);
      if (both) world.cuts.add(`${b}>${a}`);
    }
  }
  return 2000;
}

function lose(world: ToyWorld): void {
  world.loss = 0.3;
  world.after(world.between(100, 1000), () => {
    world.loss = 0;
  });
}

function slow(world: ToyWorld): void {
  world.slowMs = world.between(20, 120);
  world.after(world.between(100, 1000), () => {
    world.slowMs = 0;
  });
}

function heal(world: ToyWorld): void {
  world.quiet = true;
  world.cuts.clear();
  world.loss = 0;
  world.slowMs = 0;
  for (const master of world.masters) {
    if (!master.up) master.start();
    if (master.paused) master.resume();
  }
}

/** Everything acknowledged is there, once; whoever is in the set has it; and the cluster serves. */
function settleUp(world: ToyWorld): void {
  const { now } = world.router;
  const available = world.masters.find(({ masterId }) => masterId === now.availableId);
  if (available?.replica.role.kind !== 'available' || available.committed < available.lastSeq) {
    world.found(`NOT LIVE: ${now.availableId} ${available?.replica.role.kind} ${available?.committed}`);
    return;
  }
  const places = new Map<string, number>();
  available.ids.forEach((id, index) => {
    if (places.has(id)) world.found(`DOUBLED: ${id}`);
    places.set(id, index + 1);
  });
  for (const [id, seq] of world.acknowledged) {
    if (places.get(id) !== seq) world.found(`LOST: ${id}, acknowledged at ${seq}`);
  }
  for (const master of world.masters) {
    const inSync = now.inSyncIds.includes(master.masterId);
    if (inSync && master.lastSeq < available.committed) world.found(`BEHIND: ${master.masterId}`);
  }
}
