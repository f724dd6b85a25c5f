import { type Random, seededRandom, systemClock } from '@everline/chassis';
import { describe, expect, test } from '@jest/globals';
import type { Client } from '../src/client.js';
import { eventually } from './support/eventually.js';
import type { FakeMaster } from './support/fake-master.js';
import { refusal } from './support/refuse.js';
import { World } from './support/world.js';

const steps = 25;
const mostUnread = 300;

/** Faults drawn from a seed, one after another, with masters that serve only in their own epoch. */
class Storm {
  readonly #world: World;
  readonly #random: Random;
  #epoch = 1;
  #available: FakeMaster;
  #others: FakeMaster[];
  readonly trace: string[] = [];

  constructor(world: World, random: Random, masters: readonly FakeMaster[]) {
    this.#world = world;
    this.#random = random;
    const [available, ...others] = masters as [FakeMaster, ...FakeMaster[]];
    this.#available = available;
    this.#others = others;
    for (const other of others) other.available = false;
  }

  async step(): Promise<void> {
    const faults = ['kill', 'freeze', 'move', 'cut', 'refuse', 'router', 'stale', 'nothing'] as const;
    const fault = faults[Math.floor(this.#random.next() * faults.length)] ?? 'nothing';
    this.trace.push(`${fault} at ${this.#available.address} in epoch ${this.#epoch}`);
    await this[fault]();
    await systemClock.sleep(this.#random.next() * 60);
  }

  #promote(): FakeMaster {
    const old = this.#available;
    this.#epoch++;
    old.available = false;
    old.hint = undefined;
    const next = this.#others.splice(Math.floor(this.#random.next() * this.#others.length), 1)[0] ?? old;
    this.#others.push(old);
    next.available = true;
    this.#available = next;
    return old;
  }

  async kill(): Promise<void> {
    const old = this.#promote();
    await old.front.kill();
    await systemClock.sleep(this.#random.next() * 30);
    this.#world.router.say(this.#available.address, this.#epoch);
    await systemClock.sleep(this.#random.next() * 50);
    await old.front.revive();
  }

  async freeze(): Promise<void> {
    this.#available.front.freeze();
    await systemClock.sleep(this.#random.next() * 30);
    const old = this.#promote();
    this.#world.router.say(this.#available.address, this.#epoch);
    await systemClock.sleep(this.#random.next() * 50);
    // It reads now what was sent to it, and refuses it.
    old.front.thaw();
    old.endStreams(refusal('NOT_AVAILABLE_MASTER'));
  }

  async move(): Promise<void> {
    const old = this.#promote();
    old.move(this.#available.address, this.#epoch);
    await systemClock.sleep(this.#random.next() * 20);
    this.#world.router.say(this.#available.address, this.#epoch);
  }

  async cut(): Promise<void> {
    this.#available.front.cut();
  }

  async refuse(): Promise<void> {
    this.#available.endStreams(refusal('READER_TOO_SLOW'));
  }

  async router(): Promise<void> {
    await this.#world.router.front.kill();
    await systemClock.sleep(this.#random.next() * 30);
    await this.#world.router.front.revive();
  }

  async stale(): Promise<void> {
    const { said } = this.#world.router;
    if (this.#epoch > 1) this.#world.router.say(this.#others[0]?.address ?? '', this.#epoch - 1);
    await systemClock.sleep(this.#random.next() * 20);
    this.#world.router.say(said.address, Number(said.epoch));
  }

  async nothing(): Promise<void> {}
}

type Turn = () => Promise<unknown>;

async function postOneByOne(client: Client, over: () => boolean, turn: Turn): Promise<string[]> {
  const posted: string[] = [];
  while (!over()) {
    const { post } = await client.post(`a${posted.length}`);
    posted.push(post.text);
    await turn();
  }
  return posted;
}

async function postInARow(client: Client, over: () => boolean): Promise<string[]> {
  const posted: string[] = [];
  async function* lines(): AsyncGenerator<string> {
    for (let count = 0; !over(); count++) {
      yield `b${count}`;
      if (count % 20 === 19) await systemClock.sleep(5);
    }
  }
  for await (const outcome of client.posts(lines())) {
    posted.push(outcome.kind === 'posted' ? outcome.post.text : `refused: ${outcome.error.message}`);
  }
  return posted;
}

async function postTogether(client: Client, over: () => boolean, turn: Turn): Promise<string[]> {
  const posted: string[] = [];
  for (let round = 0; !over(); round++) {
    const together = Array.from({ length: 30 }, (_, index) => client.post(`c${round * 30 + index}`));
    for (const { post } of await Promise.all(together)) posted.push(post.text);
    await turn();
  }
  return posted;
}

describe('a storm of faults', () => {
  test.each([1, 2, 3, 4])(
    'C1, C2: of seed %i loses nothing, doubles nothing and keeps every order',
    async (seed) => {
      const world = await World.start();
      try {
        const storm = new Storm(world, seededRandom(seed), [world.a, world.b, await world.another()]);
        const client = world.connect({ timeoutMs: 20_000 });
        let over = false;
        const read: string[] = [];
        const reading = (async () => {
          for await (const event of client.timeline()) if (event.kind === 'entry') read.push(event.post.text);
        })();
        // Told at the end, when nobody waits for it any more.
        const readingEnded = reading.catch((error: unknown) => error);
        // However slow the machine, what is left to read at the end is bounded.
        const turn: Turn = () =>
          eventually(
            () => over || read.length + mostUnread > world.journal.texts.length,
            'it is read on',
            10_000,
          );
        const writing = Promise.all([
          postOneByOne(client, () => over, turn),
          postInARow(client, () => over),
          postTogether(client, () => over, turn),
        ]);
        for (let step = 0; step < steps; step++) await storm.step();
        over = true;
        const [one, row, together] = await writing;
        const { texts } = world.journal;
        try {
          expect(texts.filter((text) => text.startsWith('a'))).toEqual(one);
          expect(texts.filter((text) => text.startsWith('b'))).toEqual(row);
          expect(texts.filter((text) => text.startsWith('c')).toSorted()).toEqual(together.toSorted());
          expect(one).toEqual(one.map((_, index) => `a${index}`));
          expect(row).toEqual(row.map((_, index) => `b${index}`));
          await eventually(() => read.length >= texts.length, 'everything is read', 10_000);
          expect(read).toEqual(texts);
        } catch (error) {
          throw new Error(`seed ${seed}:\n${storm.trace.join('\n')}`, { cause: error });
        }
        await client.close();
        expect(await readingEnded).toMatchObject({ name: 'Closed' });
      } finally {
        await world[Symbol.asyncDispose]();
      }
    },
    60_000,
  );
});
