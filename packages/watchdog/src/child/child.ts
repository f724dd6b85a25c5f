/** One child from its start or adoption to its end. */
import type { Cancel, Clock } from '@everline/chassis/clock';
import {
  ageMs,
  type ControlLink,
  type ControlState,
  type Facts,
  type Identity,
  openDeathSign,
} from '@everline/chassis/control';
import { type Ending, endingOf } from '../policy/ending.js';
import type { Settings } from '../settings.js';
import type { Run } from './run.js';
import { killChild, stopChild } from './stop-child.js';
import { type HangEvidence, Vigil } from './vigil.js';

export type EndedBy =
  | { readonly by: 'request'; readonly graceOver: boolean }
  | { readonly by: 'hang'; readonly evidence: HangEvidence };

export interface ChildHears {
  /** It became ready, or its facts changed. */
  onChange(child: Child): void;
  onHung(child: Child, evidence: HangEvidence): void;
  /** Once, synchronously, as soon as the end is certain, and before anything else is done about it (W12). */
  onEnded(child: Child, ending: Ending): void;
}

/** So late at most the death of one whom others wait for is seen: a look is one read, of some microseconds. */
const lookMs = 5;

export class Child {
  readonly run: Run;
  readonly sinceMs: number;
  readonly ending: Promise<Ending>;
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #hears: ChildHears;
  readonly #vigil: Vigil | undefined;
  #identity: Identity;
  #facts: Facts = {};
  #readyAtMs: number | undefined;
  #endedBy: EndedBy | undefined;
  #cancelKill: Cancel = () => undefined;
  #stopLooking: Cancel | undefined;
  #isOver = false;

  constructor(run: Run, settings: Settings, clock: Clock, hears: ChildHears) {
    const { childDataDir: dataDir } = settings;
    this.run = run;
    // W9: an adopted one has lived before we met it; and when it is ready now, nobody can say that it was not all the time.
    const lived = run.adopted ? (ageMs(run.identity.startTime) ?? 0) : 0;
    this.sinceMs = clock.nowMs() - lived;
    this.#settings = settings;
    this.#clock = clock;
    this.#hears = hears;
    this.#identity = run.identity;
    // A plain program has no way to say that it is ready.
    this.#readyAtMs = dataDir === undefined ? this.sinceMs : undefined;
    this.#vigil =
      dataDir === undefined
        ? undefined
        : new Vigil({
            run,
            dataDir,
            settings,
            clock,
            onState: (state, identity) => this.#learn(state, identity),
            onHung: (evidence) => this.#hung(evidence),
          });
    this.ending = new Promise((resolve) => {
      run.onEnded((ending) => {
        this.#over(ending);
        this.#cancelKill();
        this.#vigil?.[Symbol.dispose]();
        resolve(ending);
      });
    });
  }

  /** With the instance that the child itself named, once it did. */
  get identity(): Identity {
    return this.#identity;
  }

  get facts(): Facts {
    return this.#facts;
  }

  /** W8; undefined while it is not. */
  get readyAtMs(): number | undefined {
    return this.#readyAtMs;
  }

  /** Why we ended it, when we did. */
  get endedBy(): EndedBy | undefined {
    return this.#endedBy;
  }

  get link(): ControlLink | undefined {
    return this.#vigil?.link;
  }

  /** W6 */
  stop(): void {
    if (this.#endedBy !== undefined) return;
    this.#endedBy = { by: 'request', graceOver: false };
    this.#cancelKill = stopChild(this.run, this.#settings.graceMs, this.#clock, () => {
      this.#endedBy = { by: 'request', graceOver: true };
    });
  }

  /** W6: now. */
  kill(): void {
    this.#endedBy ??= { by: 'request', graceOver: false };
    this.#cancelKill();
    killChild(this.run);
  }

  #learn(state: ControlState, identity: Identity): void {
    this.#identity = identity;
    this.#facts = state.facts;
    if (state.ready) this.#readyAtMs ??= this.run.adopted ? this.sinceMs : this.#clock.nowMs();
    this.#hears.onChange(this);
    if (this.#settings.reportTo.length > 0 && !this.#isOver)
      this.#stopLooking ??= this.#lookForDeath(identity);
  }

  /** W12: what follows may take the kernel long, and a failover waits for the word. */
  #lookForDeath(identity: Identity): Cancel {
    const sign = openDeathSign(identity);
    if (sign === undefined) return () => undefined;
    const stop = this.#clock.every(lookMs, () => {
      const status = sign.status();
      if (status !== undefined) this.#over(endingOf(status));
    });
    return () => {
      stop();
      sign[Symbol.dispose]();
    };
  }

  #over(ending: Ending): void {
    this.#stopLooking?.();
    this.#stopLooking = undefined;
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hears.onEnded(this, ending);
  }

  #hung(evidence: HangEvidence): void {
    if (this.#endedBy !== undefined) return;
    this.#endedBy = { by: 'hang', evidence };
    this.#hears.onHung(this, evidence);
    killChild(this.run);
  }
}
