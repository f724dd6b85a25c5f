import type { ToyMaster } from './toy-master.js';
import type { ToyWorld } from './toy-world.js';

interface Call {
  readonly id: string;
  readonly isRead: boolean;
  /** What was acknowledged to anyone before this was asked: a read must show it. */
  readonly floorSeq: number;
  done: boolean;
}

/** Posts and reads for ever, each with its id, and tries again until it has an answer. */
export class ToyClient {
  readonly #world: ToyWorld;
  readonly #name: string;
  #count = 0;
  #target: ToyMaster;

  constructor(world: ToyWorld, name: string) {
    this.#world = world;
    this.#name = name;
    this.#target = world.pick(world.masters);
    world.after(20, () => this.#next());
  }

  #next(): void {
    if (this.#world.stopped) return;
    const floorSeq = this.#world.highestAcknowledged;
    const id = `${this.#name}-${++this.#count}`;
    this.#try({ id, isRead: this.#world.draw() < 0.35, floorSeq, done: false });
  }

  #try(call: Call): void {
    if (call.done) return;
    // Some do not know better, and ask one that was available long ago.
    const target =
      call.isRead && this.#world.draw() < 0.15 ? this.#world.pick(this.#world.masters) : this.#target;
    const { name } = target;
    const answer = (take: (seq: number) => void) => (seq: number) =>
      this.#world.send(name, this.#name, () => this.#finish(call, () => take(seq)));
    const refused = (): void =>
      this.#world.send(name, this.#name, () => {
        this.#target = this.#now();
      });
    this.#world.send(this.#name, name, () =>
      call.isRead
        ? target.read(
            answer((seq) => this.#checkRead(call, name, seq)),
            refused,
          )
        : target.post(
            call.id,
            answer((seq) => this.#world.acknowledge(call.id, seq)),
            refused,
          ),
    );
    this.#world.after(this.#world.between(100, 250), () => {
      if (call.done) return;
      this.#target = this.#world.draw() < 0.7 ? this.#now() : this.#world.pick(this.#world.masters);
      this.#world.after(this.#world.between(5, 60), () => this.#try(call));
    });
  }

  #finish(call: Call, take: () => void): void {
    if (call.done) return;
    call.done = true;
    take();
    this.#world.after(this.#world.between(1, 20), () => this.#next());
  }

  #checkRead(call: Call, by: string, seq: number): void {
    if (seq < call.floorSeq)
      this.#world.found(`STALE READ: ${by} showed ${seq}, ${call.floorSeq} was promised`);
  }

  #now(): ToyMaster {
    const { availableId } = this.#world.router.now;
    return this.#world.masters.find(({ masterId }) => masterId === availableId) ?? this.#target;
  }
}
