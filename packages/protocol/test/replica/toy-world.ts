// A small world for replica cores: virtual time, a bad network, disks that lose what was not flushed, a toy router, and clients.
// It takes the core as an argument, so that a core with one rule removed can be put in its place.
import type * as core from '../../src/replica/index.js';
import { ToyClient } from './toy-client.js';
import { ToyMaster } from './toy-master.js';
import { ToyRouter } from './toy-router.js';

export type Core = typeof core;

export interface Message {
  readonly kind: string;
}

export interface Plan {
  readonly masters: number;
  readonly minInSync: number;
  readonly durationMs: number;
}

interface Scheduled {
  readonly atMs: number;
  readonly nth: number;
  readonly run: () => void;
}

/** Mulberry32. */
export function drawsFrom(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class ToyWorld {
  nowMs = 0;
  quiet = false;
  loss = 0;
  slowMs = 0;
  readonly cuts = new Set<string>();
  readonly findings: string[] = [];
  readonly masters: ToyMaster[] = [];
  readonly router: ToyRouter;
  readonly clients: ToyClient[] = [];
  /** The id of the entry at each committed seq: there is one order. */
  readonly order: string[] = [];
  readonly acknowledged = new Map<string, number>();
  highestAcknowledged = 0;
  stopped = false;
  /** Nothing that is promised depends on how these relate. */
  readonly leaseMs: number;
  readonly lagMs: number;
  readonly suspicionMs: number;
  readonly fastDisk: number;
  readonly plan: Plan;
  readonly draw: () => number;
  readonly core: Core;
  #queue: Scheduled[] = [];
  #count = 0;
  #noted = 0;
  readonly #notes: { nowMs: number; what: string; about: object }[] = [];

  constructor(core: Core, seed: number, plan: Plan) {
    this.core = core;
    this.plan = plan;
    this.draw = drawsFrom(seed);
    this.leaseMs = this.between(200, 600);
    this.lagMs = this.between(150, 500);
    this.suspicionMs = this.between(250, 600);
    this.fastDisk = this.pick([1, 0.97, 0.85]);
    this.router = new ToyRouter(this);
    for (let i = 0; i < plan.masters; i++) this.masters.push(new ToyMaster(this, i));
    for (const master of this.masters) this.router.form(master.masterId, master.incarnation);
    for (let i = 0; i < 3; i++) this.clients.push(new ToyClient(this, `client-${i}`));
  }

  between(low: number, high: number): number {
    return low + Math.floor(this.draw() * (high - low + 1));
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.draw() * list.length)] as T;
  }

  after(ms: number, run: () => void): void {
    const item = { atMs: this.nowMs + ms, nth: this.#count++, run };
    let i = this.#queue.push(item) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (earlier(this.#queue[up] as Scheduled, item)) break;
      this.#queue[i] = this.#queue[up] as Scheduled;
      i = up;
    }
    this.#queue[i] = item;
  }

  /** Lost, late, twice, and out of order, until the world is quiet. */
  send(from: string, to: string, deliver: () => void): void {
    const cut = (): boolean => this.cuts.has(`${from}>${to}`);
    if (cut() || (!this.quiet && this.draw() < this.loss)) return;
    const copies = !this.quiet && this.draw() < 0.03 ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const late = !this.quiet && this.draw() < 0.05 ? this.between(0, this.draw() < 0.1 ? 900 : 120) : 0;
      this.after(this.between(1, 4) + late + this.slowMs, () => {
        if (!cut()) deliver();
      });
    }
  }

  found(what: string): void {
    if (this.findings.length < 5) this.findings.push(`${Math.round(this.nowMs)} ms: ${what}`);
  }

  note(what: string, about: object = {}): void {
    this.#notes[this.#noted++ % 400] = { nowMs: this.nowMs, what, about };
  }

  /** The last of what happened, for who looks into a finding. */
  get trace(): readonly string[] {
    return [...this.#notes.slice(this.#noted % 400), ...this.#notes.slice(0, this.#noted % 400)].map(
      ({ nowMs, what, about }) => `${nowMs.toFixed(0)} ${what} ${JSON.stringify(about)}`,
    );
  }

  acknowledge(id: string, seq: number): void {
    this.acknowledged.set(id, seq);
    this.highestAcknowledged = Math.max(this.highestAcknowledged, seq);
  }

  /** Everybody's committed entries are parts of the one order. */
  committed(by: string, seq: number, id: string): void {
    const known = this.order[seq];
    if (known === undefined) this.order[seq] = id;
    else if (known !== id) this.found(`DIVERGED: ${by} committed ${id} at ${seq}, where ${known} is`);
  }

  run(untilMs: number): void {
    while (this.#queue.length > 0 && this.findings.length === 0) {
      const item = this.#queue[0] as Scheduled;
      if (item.atMs > untilMs) break;
      this.#pop();
      this.nowMs = item.atMs;
      item.run();
    }
    this.nowMs = untilMs;
  }

  #pop(): void {
    const heap = this.#queue;
    const last = heap.pop() as Scheduled;
    if (heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && earlier(heap[child + 1] as Scheduled, heap[child] as Scheduled)) child++;
      if (earlier(last, heap[child] as Scheduled)) break;
      heap[i] = heap[child] as Scheduled;
      i = child;
    }
    heap[i] = last;
  }
}

function earlier(a: Scheduled, b: Scheduled): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.nth <= b.nth);
}
