/**
 * The control connection to a running child: from the start until its end it is kept, pinged (W4), and listened to (W8).
 */
import type { Cancel, Clock } from '@everline/chassis/clock';
import {
  type ControlLink,
  type ControlState,
  type Identity,
  lookAt,
  watchControl,
} from '@everline/chassis/control';
import { type HangState, hearAnswer, tick, watchFrom } from '../policy/hang.js';
import type { Settings } from '../settings.js';
import type { Run } from './run.js';

/** W4: what was seen of a process before it was killed for hanging. */
export interface HangEvidence {
  readonly what: 'no answer' | 'control socket never opened';
  /** As in ps: T is stopped, R is busy, D waits for a disk. */
  readonly processState: string;
  readonly lastAnswerAgoMs: number;
  readonly cpuMs: number;
  /** Used since the last answer: much of it means a busy loop. */
  readonly cpuSinceAnswerMs: number;
}

export interface VigilOptions {
  readonly run: Run;
  readonly dataDir: string;
  readonly settings: Pick<Settings, 'hang' | 'startMs'>;
  readonly clock: Clock;
  onState(state: ControlState, identity: Identity): void;
  onHung(evidence: HangEvidence): void;
}

/** While a child starts it is looked for often; one that takes longer than this is not in a hurry. */
const eagerMs = 3_000;
const eagerTryMs = 10;
const patientTryMs = 250;

export class Vigil implements Disposable {
  readonly #options: VigilOptions;
  readonly #clock: Clock;
  readonly #sinceMs: number;
  readonly #stopTicking: Cancel;
  #link: ControlLink | undefined;
  #over = false;
  /** It has opened its control socket: from then on silence counts. */
  #seen = false;
  #hang: HangState;
  /** How long we have been awake and waiting for it to open its control socket. */
  #waitedMs = 0;
  #cpuAtAnswerMs = 0;

  constructor(options: VigilOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#sinceMs = this.#clock.nowMs();
    this.#hang = watchFrom(this.#sinceMs);
    this.#stopTicking = this.#clock.every(options.settings.hang.pingMs, () => this.#tick());
    void this.#connect();
  }

  get link(): ControlLink | undefined {
    return this.#link;
  }

  [Symbol.dispose](): void {
    this.#over = true;
    this.#stopTicking();
    this.#link?.[Symbol.dispose]();
  }

  async #connect(): Promise<void> {
    const { dataDir, run, settings } = this.#options;
    while (!this.#over) {
      const watched = await watchControl({ dataDir, clock: this.#clock, deadlineMs: settings.hang.pingMs });
      if (watched.kind === 'silent' && watched.holder !== undefined && belongs(watched.holder, run))
        this.#see();
      if (watched.kind === 'linked') {
        if (!this.#over && belongs(watched.link.identity, run)) return this.#hold(watched.link);
        watched.link[Symbol.dispose]();
      }
      const eager = this.#clock.nowMs() - this.#sinceMs < eagerMs;
      await this.#clock.sleep(eager ? eagerTryMs : patientTryMs);
    }
  }

  #hold(link: ControlLink): void {
    const { run, onState } = this.#options;
    this.#link = link;
    this.#see();
    this.#answered();
    run.linked();
    link.on({
      onPong: () => this.#answered(),
      onState: (state) => onState(state, link.identity),
      onClosed: () => {
        this.#link = undefined;
        if (this.#over) return;
        run.unlinked();
        void this.#connect();
      },
    });
    if (!link.closed) onState(link.state(), link.identity);
  }

  /** What it took until then was its time to start. */
  #see(): void {
    if (!this.#seen) this.#hang = watchFrom(this.#clock.nowMs());
    this.#seen = true;
  }

  #answered(): void {
    this.#hang = hearAnswer(this.#hang, this.#clock.nowMs());
    this.#cpuAtAnswerMs = lookAt(this.#options.run.identity.pid)?.cpuMs ?? this.#cpuAtAnswerMs;
  }

  #tick(): void {
    const { hang: rule } = this.#options.settings;
    const { state, verdict } = tick(this.#hang, this.#clock.nowMs(), rule);
    this.#hang = state;
    if (verdict !== 'late-ourselves') this.#waitedMs += rule.pingMs;
    // W10: an answer may lie in our own socket unread; one turn of the loop later it has been heard.
    if (this.#isLate())
      this.#clock.soon(() => {
        if (this.#isLate()) this.#hung();
      });
    this.#link?.ping();
  }

  #isLate(): boolean {
    const { hang: rule, startMs } = this.#options.settings;
    return !this.#over && (this.#seen ? this.#hang.missed >= rule.missed : this.#waitedMs >= startMs);
  }

  #hung(): void {
    const sight = lookAt(this.#options.run.identity.pid);
    const cpuMs = sight?.cpuMs ?? 0;
    this.#options.onHung({
      what: this.#seen ? 'no answer' : 'control socket never opened',
      processState: sight?.state ?? 'gone',
      lastAnswerAgoMs: Math.round(this.#clock.nowMs() - this.#hang.lastAnswerAtMs),
      cpuMs,
      cpuSinceAnswerMs: cpuMs - this.#cpuAtAnswerMs,
    });
  }
}

/** The process itself, or one that it started within its group: `sh -c` between us and the child is common. */
function belongs(identity: Identity, { identity: own, leader }: Run): boolean {
  if (identity.pid === own.pid) return identity.startTime === own.startTime;
  return leader !== undefined && lookAt(identity.pid)?.processGroup === leader.pid;
}
