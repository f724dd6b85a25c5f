// Faults: each begins, and ends by itself or when everything heals.
import { hunt } from './hunt.js';
import type { Master } from './master.js';
import type { Fault, FaultKind } from './plan.js';
import { loseRouter, restartRouter, restoreRouter } from './router-faults.js';
import { stammer } from './stammer.js';
import { swizzle } from './swizzle.js';
import { unflushed } from './unflushed.js';
import { usurp } from './usurp.js';
import type { World } from './world.js';

type Blow = (world: World, fault: Fault, on: Master) => void;

export function strike(world: World, fault: Fault): void {
  if (world.network.calm) return; // a plan made shorter has healed before
  const on = targetOf(world, fault);
  if (world.tracing) world.note('fault', { ...fault, on: on.store.masterId });
  blows[fault.kind](world, fault, on);
}

const blows: Readonly<Record<FaultKind, Blow>> = {
  crash: (world, { forMs }, on) => fell(world, on, forMs, false),
  'power-cut': (world, { forMs }, on) => fell(world, on, forMs, true),
  'crash-all': (world, { forMs }) => {
    for (const master of world.masters) fell(world, master, forMs * (0.5 + world.draws.next()), false);
  },
  hang: (world, { forMs }, on) => {
    if (!on.up || on.paused) return;
    world.counters.count('hangs');
    on.pause();
    later(world, forMs, () => on.resume());
  },
  'hang-router': (world, { forMs }) => {
    world.router.pause();
    later(world, forMs, () => world.router.resume());
  },
  'cut-masters': (world, fault, on) => cut(world, fault, [on.name], othersOf(world, on)),
  'cut-router': (world, fault, on) => cut(world, fault, [on.name], ['router']),
  'cut-off': (world, fault, on) => cut(world, fault, [on.name], [...othersOf(world, on), 'router']),
  'cut-pair': (world, fault, on) => {
    const others = othersOf(world, on);
    const other = others[fault.other % Math.max(1, others.length)];
    if (other !== undefined) cut(world, fault, [on.name], [other]);
  },
  'cut-client': (world, fault, on) => cut(world, fault, ['c0', 'r0'], [on.name]),
  'cut-router-all': (world, fault) =>
    cut(
      world,
      fault,
      ['router'],
      world.masters.map(({ name }) => name),
    ),
  loss: ({ network, schedule }, { forMs, chance }) => {
    network.loss = 0.1 + 0.3 * chance;
    schedule.after(forMs, () => {
      network.loss = 0;
    });
  },
  slow: ({ network, schedule }, { forMs, chance }) => {
    network.slowMs = 150 * chance;
    schedule.after(forMs, () => {
      network.slowMs = 0;
    });
  },
  'break-lines': (world, { chance }, on) => {
    for (const line of [...world.network.lines]) {
      if (line.touches(on) && world.draws.chance(0.3 + chance)) line.breakOff();
    }
  },
  'slow-disk': (world, { forMs, chance }, { store }) => {
    store.health.slowMs = 20 + 700 * chance * chance;
    later(world, forMs, () => {
      store.health.slowMs = 0;
    });
  },
  'full-disk': (world, { forMs }, { store }) => {
    store.health.full = true;
    later(world, forMs, () => {
      store.health.full = false;
    });
  },
  'failed-flush': (world, { forMs }, { store }) => {
    store.health.failing = true;
    later(world, Math.min(forMs, 300), () => {
      store.health.failing = false;
    });
  },
  swizzle,
  hunt,
  usurp,
  unflushed,
  stammer,
  wipe: (world, { forMs }, on) => wipe(world, on, forMs),
  'router-crash': restartRouter,
  'router-lost': loseRouter,
  'router-restored': restoreRouter,
  'router-disk': ({ router, schedule }, { forMs, chance }) => {
    router.keeper.failing = chance < 0.6;
    router.keeper.slowMs = 300 * chance;
    schedule.after(forMs, () => {
      router.keeper.failing = false;
      router.keeper.slowMs = 0;
    });
  },
  switchover: (world, { other, chance }) => {
    const to = world.masters[other % world.masters.length]?.store.masterId ?? '';
    if (world.router.up)
      world.router.whenAwake(() =>
        world.router.decide({ kind: 'switchover-asked', toMasterId: chance < 0.5 ? to : '' }),
      );
  },
  terminate: (world, { forMs }, on) => {
    if (!on.up || on.paused) return;
    const { life } = on;
    on.resign(() =>
      on.leave(() => {
        if (on.life === life) fell(world, on, forMs, false);
      }),
    );
  },
};

function targetOf(world: World, { on, other }: Fault): Master {
  const { masters, router } = world;
  const available = world.masterOf(router.keeper.file.configuration?.availableId ?? '');
  return (
    (on === 'available' ? available : masters[on % masters.length]) ??
    (masters[other % masters.length] as Master)
  );
}

function othersOf({ masters }: World, on: Master): readonly string[] {
  return masters.filter((master) => master !== on).map(({ name }) => name);
}

/** What ends a fault; after healing it has ended already. */
function later(world: World, ms: number, end: () => void): void {
  world.schedule.after(ms, end);
}

function fell(world: World, on: Master, forMs: number, power: boolean): void {
  world.kill(on, power);
  later(world, forMs, () => world.restart(on));
}

function cut(
  world: World,
  { forMs, bothWays, chance }: Fault,
  here: readonly string[],
  there: readonly string[],
): void {
  const ways: [string, string][] = [];
  for (const a of here) {
    for (const b of there) {
      if (bothWays || chance < 0.5) ways.push([a, b]);
      if (bothWays || chance >= 0.5) ways.push([b, a]);
    }
  }
  const { network, counters } = world;
  for (const [from, to] of ways) network.cut(from, to);
  later(world, forMs, () => {
    if (network.calm) return;
    counters.count('healed partitions');
    for (const [from, to] of ways) network.mend(from, to);
  });
}

/** A disk may be lost while another one in the set lives to tell, and nothing is about to take that one out. */
function wipe(world: World, on: Master, forMs: number): void {
  const { configuration } = world.router.keeper.file;
  const { role } = on.host.replica;
  const asks = 'asked' in role && role.asked !== undefined;
  if (configuration === undefined || asks || world.counters.counts.has('router recoveries')) return;
  const { masterId } = on.store;
  const others = configuration.inSyncIds.filter((id) => id !== masterId && world.masterOf(id) !== undefined);
  if (others.length === 0) return;
  world.kill(on, false);
  on.store.wipe();
  world.counters.count('wiped disks');
  later(world, forMs, () => world.restart(on));
}
