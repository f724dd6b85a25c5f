// Somebody who believes nobody: asks any master at any time, above all those that are not available any more, whether they still answer (M9).
import type { Answer } from './messages.js';
import { Process } from './process.js';
import type { World } from './world.js';

const everyMs = 20;
const waitMs = 2000;

export class Auditor extends Process {
  constructor(world: World) {
    super(world, 'a0');
    this.every(everyMs, () => this.#ask());
  }

  #ask(): void {
    const { network, stopped, masters, draws, router, oracle, schedule, recording } = this.world;
    if (network.calm || stopped) return;
    const to = draws.pick(masters);
    // The available one is asked by everybody else.
    if (to.store.masterId === router.keeper.file.configuration?.availableId && draws.chance(0.8)) return;
    const begunMs = schedule.nowMs;
    const floorSeq = oracle.shownSeq;
    network.callOnce<Answer>(
      this,
      to,
      waitMs,
      (reply) => to.reign.read(reply),
      (answer) => {
        if (answer?.kind !== 'done') return;
        this.world.counters.count('audits answered');
        const { seq, page: entries, whole } = answer;
        const times = { begunMs, endedMs: schedule.nowMs };
        recording.pages.push({ reader: this.name, includeOwn: false, ...times, entries, whole });
        oracle.read(this.name, to.name, seq, floorSeq);
      },
    );
  }
}
