/** The keeper's side of the pair: behind it stands one guardian, always. */
import type { Cancel, Clock } from '@everline/chassis/clock';
import {
  type Body,
  type ControlPeer,
  type Identity,
  lives,
  parseIdentity,
  signal,
} from '@everline/chassis/control';
import type { Random } from '@everline/chassis/random';
import type { Events } from '../events.js';
import { type HangState, hearAnswer, tick, watchFrom } from '../policy/hang.js';
import { decideRestart, noRestarts } from '../policy/restart.js';
import { fingerprint, type Home, type Settings } from '../settings.js';
import { type CalledGuardian, spawnGuardian } from './spawn-guardian.js';

export interface GuardPostOptions {
  readonly settings: Settings;
  readonly home: Home;
  /** What this process was started with; the guardian gets the same. */
  readonly argv: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly events: Events;
  /** One was called, or stands. */
  onGuardian(identity: Identity): void;
}

interface Standing {
  readonly peer: ControlPeer;
  readonly identity: Identity;
  /** Somebody waits for it to end: a terminal, systemd, a loop. */
  readonly foreground: boolean;
  readonly sinceMs: number;
  hang: HangState;
}

/** The child first; and a process that already waits for the place may be quicker than a new one. */
const firstCallMs = 20;
/** A guardian that was told to leave needs some milliseconds. */
const leaveMs = 1_000;
const leaveLookMs = 5;

export class GuardPost {
  readonly #options: GuardPostOptions;
  #standing: Standing | undefined;
  #calls = noRestarts;
  #closed = false;
  /** The one that is on its way, or is to be called. */
  #called: CalledGuardian;
  readonly #stopTicking: Cancel;

  constructor(options: GuardPostOptions) {
    this.#options = options;
    this.#called = this.#callAfter(firstCallMs);
    this.#stopTicking = options.clock.every(options.settings.hang.pingMs, () => this.#tick());
  }

  get status(): { readonly pid: number; readonly foreground: boolean } | null {
    const { identity, foreground = false } = this.#standing ?? {};
    return identity === undefined ? null : { pid: identity.pid, foreground };
  }

  /** Tells the guardian, if one stands. */
  tell(name: string, body: Body): void {
    this.#standing?.peer.tell(name, body);
  }

  /** W6: the guardian leaves before the keeper does, so that nothing is left when that has ended. */
  async dismiss(end: { readonly code: number; readonly why: string }): Promise<void> {
    const { clock } = this.#options;
    const standing = this.#standing;
    this.#closed = true;
    this.#stopTicking();
    this.#called.kill();
    if (standing === undefined) return;
    standing.peer.tell('ended', end);
    const untilMs = clock.nowMs() + leaveMs;
    while (lives(standing.identity) && clock.nowMs() < untilMs) await clock.sleep(leaveLookMs);
    if (!standing.foreground) signal(standing.identity, 'SIGKILL');
  }

  /** A process offers to stand guard; throws the sentence with which it is sent away. */
  accept(body: Body, peer: ControlPeer): Body {
    const { clock, events } = this.#options;
    const { identity, foreground } = this.#check(body);
    // One in the background gives way to one that somebody waits for.
    this.#standing?.peer.tell('dismissed', {});
    this.#standing?.peer.close();
    // Another that is on its way would come too late, and might find the place free that somebody has just been asked to leave.
    if (this.#called.identity?.pid === identity.pid) this.#called.release();
    else this.#called.kill();
    const sinceMs = clock.nowMs();
    const standing: Standing = { peer, identity, foreground, sinceMs, hang: watchFrom(sinceMs) };
    this.#standing = standing;
    this.#options.onGuardian(identity);
    peer.onClosed(() => {
      if (this.#standing !== standing) return;
      this.#standing = undefined;
      if (this.#closed) return;
      events.tell('guardian-lost', { pid: identity.pid });
      this.#callAnother(clock.nowMs() - sinceMs);
    });
    events.tell('guarded', { pid: identity.pid, foreground });
    return { keeper: process.pid };
  }

  #check(body: Body): { identity: Identity; foreground: boolean } {
    const { settings } = this.#options;
    const identity = parseIdentity(body.identity);
    const foreground = body.foreground === true;
    const kept = `${settings.name} is kept by pid ${process.pid}`;
    if (identity === undefined) throw new Error('a guardian must say who it is');
    if (this.#closed) throw new Error(`${kept}, which is ending`);
    if (body.settings !== fingerprint(settings))
      throw new Error(`${kept} with other settings; stop it first: everline-watchdog stop ${settings.name}`);
    if (this.#standing !== undefined && (this.#standing.foreground || !foreground))
      throw new Error(`${kept} and guarded by pid ${this.#standing.identity.pid}`);
    return { identity, foreground };
  }

  #callAfter(delayMs: number): CalledGuardian {
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#called = spawnGuardian(this.#options, () => this.#callAnother(0));
      if (this.#called.identity !== undefined) this.#options.onGuardian(this.#called.identity);
    });
    return { identity: undefined, release: cancel, kill: cancel };
  }

  /** The one that was called, or that stood, is gone. */
  #callAnother(stoodMs: number): void {
    const { settings, clock, random } = this.#options;
    if (this.#closed || this.#standing !== undefined) return;
    const death = { nowMs: clock.nowMs(), readyMs: stoodMs, aliveMs: stoodMs };
    const { history, delayMs } = decideRestart(this.#calls, death, settings.intensity, random.next());
    this.#calls = history;
    this.#called = this.#callAfter(delayMs);
  }

  /** W4 for the guardian: one that is frozen guards nothing. */
  #tick(): void {
    const { settings, clock, events } = this.#options;
    const standing = this.#standing;
    if (standing === undefined) return;
    const { peer, hang, identity } = standing;
    const heard = peer.heardAtMs() > hang.tickedAtMs ? hearAnswer(hang, peer.heardAtMs()) : hang;
    const { state, verdict } = tick(heard, clock.nowMs(), settings.hang);
    standing.hang = state;
    if (verdict !== 'hung') return;
    // W1: the process that reported for duty, and no other.
    events.tell('guardian-hung', { pid: identity.pid, outcome: signal(identity, 'SIGKILL') });
    peer.close();
  }
}
