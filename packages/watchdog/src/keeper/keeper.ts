/**
 * Keeps one child running: finds or starts it, follows it to its end, decides what is next. The loop is the story; there is one child at a time, and only here.
 */
import { adoptChild } from '../child/adopt-child.js';
import { Child, type ChildHears } from '../child/child.js';
import { sizeOf } from '../child/output.js';
import type { Run } from '../child/run.js';
import { spawnChild } from '../child/spawn-child.js';
import { noRestarts } from '../policy/restart.js';
import {
  bury,
  burySpawnFailure,
  buryUnwatched,
  isReported,
  type KeepEnd,
  type Sequel,
  witness,
} from './bury.js';
import type { KeeperContext } from './context.js';
import { findChild } from './find-child.js';
import { createPause, type Pause } from './pause.js';
import type { Phase, RunningPhase } from './phase.js';
import { rotateRegularly } from './rotation.js';

/** A lock whose holder cannot be known is looked at this often. */
const lockedAgainMs = 1_000;
/** A router that lives takes a report by then, on a busy machine, too. */
const reportMs = 200;
/** W5: then whoever takes over has the processors for so long: a Node that starts takes one of them from it. */
const breathMs = 100;

export class Keeper {
  readonly #context: KeeperContext;
  readonly #pause: Pause;
  #phase: Phase = { kind: 'looking' };
  readonly #announced = new WeakSet<Child>();
  readonly #hears: ChildHears;

  constructor(context: KeeperContext) {
    this.#context = context;
    this.#pause = createPause(context.clock);
    this.#hears = {
      onChange: (child) => this.#learn(child),
      onHung: (child, evidence) => context.events.tell('hung', { pid: child.identity.pid, ...evidence }),
      onEnded: (child, ending) => witness(context, child, ending),
    };
  }

  get phase(): Phase {
    return this.#phase;
  }

  async keep(): Promise<KeepEnd> {
    const { wish, state, reporter } = this.#context;
    wish.onRaise(() => this.#obey());
    const rotation = rotateRegularly(this.#context, () => this.#phase);
    for (const notice of state.get().unreported) reporter.report(notice);
    try {
      return await this.#loop();
    } finally {
      await rotation.end();
    }
  }

  /** W6: ends the child in good order and starts it again; cuts a wait short. What was held against it is forgotten. */
  restart(): void {
    const { state } = this.#context;
    state.change({ history: { ...noRestarts, restarts: state.get().history.restarts } });
    if (this.#phase.kind === 'running') {
      this.#phase.restartWanted = true;
      this.#phase.child.stop();
    } else {
      this.#pause.cut();
    }
  }

  async #loop(): Promise<KeepEnd> {
    const { clock, wish } = this.#context;
    for (;;) {
      const sequel = await this.#once();
      if (sequel.kind === 'end') return sequel.end;
      const delayMs = sequel.kind === 'locked' ? lockedAgainMs : sequel.delayMs;
      this.#phase =
        sequel.kind === 'locked'
          ? sequel
          : { kind: 'waiting', untilMs: clock.nowMs() + delayMs, held: sequel.held };
      if (wish.level() === 0) await this.#pause.for(delayMs);
    }
  }

  /** W2: from looking for a child to its end. */
  async #once(): Promise<Sequel> {
    const { settings, home, clock, random, events, wish, state } = this.#context;
    const before = this.#phase;
    this.#phase = { kind: 'looking' };
    const { child: record } = state.get();
    const found = await findChild(settings, record, clock);
    if (record !== undefined) buryUnwatched(this.#context, record);
    if (found.kind === 'running')
      return this.#follow(adoptChild(found.identity, record, clock), 'adopted', 0);
    if (wish.level() > 0) return { kind: 'end', end: { code: 0, why: 'stopped on request' } };
    if (found.kind === 'locked') {
      if (before.kind !== 'locked') events.tell('locked', { dataDir: settings.childDataDir, by: found.by });
      return found;
    }
    const outputFrom = sizeOf(home.output);
    const instance = random.uuid();
    const spawned = await spawnChild(settings.command, home.output, instance);
    return spawned.kind === 'failed'
      ? burySpawnFailure(this.#context, spawned, instance)
      : this.#follow(spawned.run, 'started', outputFrom);
  }

  async #follow(run: Run, how: 'adopted' | 'started', outputFrom: number): Promise<Sequel> {
    const { settings, clock, events, wish } = this.#context;
    const child = new Child(run, settings, clock, this.#hears);
    const running: RunningPhase = { kind: 'running', child, outputFrom, restartWanted: false };
    this.#phase = running;
    const { pid, instance } = run.identity;
    events.tell(how, { pid, instance });
    this.#learn(child);
    if (wish.level() > 0) this.#obey();
    const ending = await child.ending;
    if (wish.level() === 0 && !running.restartWanted) await this.#letOthersTakeOver(child);
    return bury(this.#context, running, ending);
  }

  /** W12: the report goes first. What follows writes files and starts a process, on the very machine on which somebody may be taking over. */
  async #letOthersTakeOver({ facts }: Child): Promise<void> {
    const { clock, reporter, settings } = this.#context;
    if (settings.reportTo.length === 0 || !isReported(facts)) return;
    const taken = reporter.settled().then(() => clock.sleep(breathMs));
    await Promise.race([taken, clock.sleep(reportMs + breathMs)]);
  }

  /** Who the child is, what it says of itself, and whether it is ready. */
  #learn(child: Child): void {
    const { state, events, tellGuardian } = this.#context;
    const identity = child.identity;
    const facts = child.facts;
    state.change({ child: { identity, leader: child.run.leader, facts }, ended: undefined });
    const readyAtMs = child.readyAtMs;
    if (readyAtMs === undefined || this.#announced.has(child)) return;
    this.#announced.add(child);
    const { pid, instance } = identity;
    const afterMs = Math.round(readyAtMs - child.sinceMs);
    const ready = { pid, instance, adopted: child.run.adopted, afterMs, facts };
    events.announce('ready', ready);
    tellGuardian('ready', ready);
  }

  /** W6 */
  #obey(): void {
    const { wish } = this.#context;
    if (this.#phase.kind !== 'running') this.#pause.cut();
    else if (wish.level() === 2) this.#phase.child.kill();
    else this.#phase.child.stop();
  }
}
