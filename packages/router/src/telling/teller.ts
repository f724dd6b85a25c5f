// Tells what has become durable: the masters first, for they act on it, then everyone who watches.
import type { Clock, Log } from '@everline/chassis';
import { available, type Effect, type RouterState } from '@everline/protocol/configuration';
import type { Decider } from '../deciding/decider.js';
import { refusal } from '../errors.js';
import type { Lines } from './lines.js';
import type { Watchers } from './watchers.js';

export interface TellerOptions {
  readonly lines: Lines;
  readonly watchers: Watchers;
  readonly clock: Clock;
  readonly log: Log;
}

export class Teller {
  private readonly options: TellerOptions;

  constructor(options: TellerOptions) {
    this.options = options;
  }

  tell({ rules, told }: Decider, effects: readonly Effect[], before: RouterState): void {
    const { lines, watchers, clock } = this.options;
    for (const { kind } of effects) {
      if (kind === 'tell-masters') this.tellMasters(lines, told);
      if (kind === 'tell-clients') watchers.tell(available(rules, told, clock.nowMs()));
    }
    if (before.durable.events !== told.durable.events) clock.soon(() => this.logEvents(before, told));
  }

  /** A router that may not decide ends their streams: they register again, and are told why. */
  private tellMasters(lines: Lines, told: RouterState): void {
    if (told.standing.kind === 'deciding') lines.tell(told);
    else if (told.standing.kind === 'recovering') {
      lines.failAll(refusal('ROUTER_RECOVERING', 'this router rebuilds its state: register again'));
    } else lines.failAll(refusal('ROUTER_OUTDATED', 'the state of this router is outdated'));
  }

  private logEvents(before: RouterState, after: RouterState): void {
    const known = before.durable.events[0]?.what;
    const at = before.durable.events[0]?.atWallMs;
    for (const { kind, what, masterId, epoch, tookMs, atWallMs } of after.durable.events) {
      if (what === known && atWallMs === at) return;
      this.options.log.info({ event: kind, masterId, epoch, tookMs: Math.round(tookMs) }, what);
    }
  }
}
