import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Applied } from '../../src/state/applied.js';
import { Timelines } from '../../src/timeline/live.js';
import { NaiveWorld } from './naive-view.js';
import { ProvingClient } from './proving-client.js';
import { SlowLoop } from './slow-loop.js';

const step = fc.record({
  kind: fc.constantFrom(
    ...(['post', 'post', 'post', 'burst', 'follow', 'unfollow', 'open', 'stall', 'take', 'wait'] as const),
    'turn' as const,
    'turn' as const,
  ),
  /** Who posts or is followed, or which client. */
  who: fc.nat({ max: 4 }),
  many: fc.nat({ max: 40 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Larger than what may wait for one reader, when a few come together. */
const text = 'x'.repeat(120_000);

/** A master's timelines under a schedule: who posts and follows, and clients of u0 that come, stall, take again and come back. */
class Play {
  readonly world = new NaiveWorld();
  readonly loop = new SlowLoop();
  readonly timelines: Timelines;
  readonly clients: ProvingClient[] = [];

  constructor() {
    this.world.follow('u0', 'u1');
    for (let i = 0; i < 5; i++) this.world.post('u1');
    this.timelines = new Timelines({ view: this.world.view, clock: this.loop.clock, beatMs: 20 });
    this.timelines.begin((seq) => `${seq}`, this.world.seq);
    for (let index = 0; index < 5; index++) {
      const afterSeq = index;
      const due = (seq: number): number[] =>
        this.world.timeline('u0', index === 4).filter((at) => at > afterSeq && at <= seq);
      this.clients.push(
        new ProvingClient({
          timelines: this.timelines,
          username: 'u0',
          includeOwn: index === 4,
          afterSeq,
          due,
          onMessage: () => {
            this.loop.nowMs += 1.5;
          },
        }),
      );
    }
  }

  async act({ kind, who, many }: Step): Promise<void> {
    const client = this.clients[who] as ProvingClient;
    if (kind === 'post') this.publish(this.world.post(`u${who}`, many % 3 === 0 ? text : undefined));
    else if (kind === 'burst')
      this.publish(...Array.from({ length: many }, () => this.world.post(`u${who}`)));
    else if (kind === 'follow' || kind === 'unfollow') this.#follow(kind, `u${who}`);
    else if (kind === 'open') client.open();
    else if (kind === 'stall') client.stall();
    else if (kind === 'take') client.takeAgain();
    else if (kind === 'wait') this.loop.nowMs += many * 10;
    if (kind === 'turn' || kind === 'wait') await this.loop.turn();
  }

  publish(...applied: readonly Applied[]): void {
    this.timelines.publish(applied);
  }

  /** Everybody is there and takes what comes; a beat later all is said. */
  async settle(): Promise<void> {
    for (const client of this.clients) {
      if (client.reader === undefined) client.open();
      client.takeAgain();
    }
    for (let turns = 0; turns < 2_000 && !this.loop.idle; turns++) await this.loop.turn();
    for (let beats = 0; beats < 6; beats++) {
      this.loop.nowMs += 300;
      await this.loop.turn();
      for (const client of this.clients) client.takeAgain();
    }
  }

  #follow(kind: 'follow' | 'unfollow', followee: string): void {
    const follows = this.world.edges.some((edge) => edge.follower === 'u0' && edge.followee === followee);
    if (followee !== 'u0' && follows === (kind === 'unfollow'))
      this.publish(this.world[kind]('u0', followee));
  }
}

describe('C2: whatever happens in whichever order', () => {
  test('no cursor passes an entry by, no chain has a gap, and in the end everybody has everything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 120, size: 'max' }), async (steps) => {
        const play = new Play();
        for (const one of steps) await play.act(one);
        await play.settle();
        for (const [index, client] of play.clients.entries()) {
          expect({ lies: client.lies, gaps: client.gaps }).toEqual({ lies: [], gaps: [] });
          const wanted = play.world.timeline('u0', index === 4).filter((seq) => seq > index);
          expect(client.seqs).toEqual(expect.arrayContaining(wanted));
          expect(client.seqs).toEqual([...new Set(client.seqs)].sort((a, b) => a - b));
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});

describe('C2: a fan-out that leaves a reader out', () => {
  const opened = async (): Promise<{ play: Play; client: ProvingClient }> => {
    const play = new Play();
    await play.settle();
    const client = play.clients[0] as ProvingClient;
    expect(client.reader?.authors.has('u1')).toBe(true);
    return { play, client };
  };

  /** As if the index had lost it for one post. */
  function leaveOut(play: Play, { reader }: ProvingClient, post: () => void): void {
    if (reader === undefined) throw new Error('it is not open');
    play.timelines.ignore(reader, 'u1');
    post();
    play.timelines.listen(reader, 'u1');
  }

  test('shows in prev_seq, which comes from the state: the client reads the missing one again', async () => {
    const { play, client } = await opened();
    leaveOut(play, client, () => play.publish(play.world.post('u1')));
    play.publish(play.world.post('u1'));
    await play.settle();
    expect(client.gaps).toEqual(['missing: 8 after 7, not 6']);
    expect(client.seqs).toEqual(play.world.timeline('u0', false));
  });

  test('shows at the next reopening, though a heartbeat has passed it by', async () => {
    const { play, client } = await opened();
    leaveOut(play, client, () => play.publish(play.world.post('u1')));
    await play.settle();
    expect(client.lies).not.toEqual([]);
    client.open();
    play.publish(play.world.post('u1'));
    await play.settle();
    expect(client.gaps).toEqual(['missing: 8 after 7, not 6']);
    expect(client.seqs).toEqual(play.world.timeline('u0', false));
  });
});

describe('many readers at once', () => {
  /** A turn of those who read the past and one of those who are live, each with a last piece of 1.5 ms. */
  const mostMs = 11;

  function crowd(play: Play, count: number, username: string): ProvingClient[] {
    const { timelines, loop } = play;
    const onMessage = (bytes: number): void => {
      loop.nowMs += 0.02 + bytes / 12_000;
    };
    return Array.from({ length: count }, () => {
      return new ProvingClient({ timelines, username, afterSeq: 0, due: () => [], onMessage });
    });
  }

  /** No turn takes long until everybody has everything. */
  async function inTurns(play: Play, done: () => boolean, between = (): void => undefined): Promise<void> {
    for (let turns = 0; !done(); turns++) {
      expect(turns).toBeLessThan(5_000);
      const fromMs = play.loop.nowMs;
      between();
      await play.loop.turn();
      expect(play.loop.nowMs - fromMs).toBeLessThanOrEqual(mostMs);
    }
  }

  test('1,000 that catch up take turns, and who is live is told meanwhile', async () => {
    const play = new Play();
    for (let i = 0; i < 600; i++) play.world.post('u1');
    play.publish(play.world.follow('u4', 'u3'));
    const wanted = play.world.timeline('u0', false);
    const [live] = crowd(play, 1, 'u4') as [ProvingClient];
    live.open();
    const others = crowd(play, 1_000, 'u0');
    const fromMs = play.loop.nowMs;
    for (const client of others) client.open();
    expect(play.loop.nowMs - fromMs).toBeLessThanOrEqual(mostMs);
    const done = (): boolean => others.every(({ seqs }) => seqs.length === wanted.length);
    let posted = 0;
    await inTurns(play, done, () => {
      play.publish(play.world.post('u3'));
      posted++;
      expect(live.seqs.length).toBeGreaterThan(posted - 20);
    });
    for (const { seqs, gaps } of others) expect({ seqs, gaps }).toEqual({ seqs: wanted, gaps: [] });
    expect(play.loop.turns).toBeGreaterThan(300);
  }, 60_000);

  test('1,000 that are live are told of a post in turns, each once and in order', async () => {
    const play = new Play();
    const clients = crowd(play, 1_000, 'u0');
    for (const client of clients) client.open();
    await inTurns(play, () => clients.every(({ caughtUps }) => caughtUps === 1));
    const fromMs = play.loop.nowMs;
    for (let i = 0; i < 3; i++) play.publish(play.world.post('u1'));
    expect(play.loop.nowMs - fromMs).toBeLessThanOrEqual(mostMs);
    const wanted = play.world.timeline('u0', false);
    await inTurns(play, () => clients.every(({ seqs }) => seqs.length === wanted.length));
    for (const { seqs, gaps } of clients) expect({ seqs, gaps }).toEqual({ seqs: wanted, gaps: [] });
  }, 60_000);
});
