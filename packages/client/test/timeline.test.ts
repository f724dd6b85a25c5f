import { systemClock } from '@everline/chassis';
import type { TimelineEntry } from '@everline/contracts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Gap, Refused, Unreachable } from '../src/errors.js';
import { eventually } from './support/eventually.js';
import { refusal } from './support/refuse.js';
import { TimelineReader as Reader } from './support/timeline-reader.js';
import { World } from './support/world.js';

function names(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, index) => `p${from + index}`);
}

describe('a live timeline', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
  });

  function post(...texts: string[]): void {
    for (const text of texts) world.journal.append(`id of ${text}`, 'u2', text);
  }

  test('says the newest posts first, then that it has caught up, then what comes', async () => {
    post(...names(30));
    const reader = new Reader(world.connect(), { recent: 3 });
    await reader.has(({ kinds }) => kinds.includes('caught-up'), 'caught up');
    expect(reader.texts).toEqual(['p28', 'p29', 'p30']);
    post('p31');
    await reader.has(({ texts }) => texts.at(-1) === 'p31', 'the live entry');
    expect(reader.kinds).toEqual(['caught-up']);
    expect(reader.timeline.cursor).toBe('c31');
    expect(world.a.opened[0]).toMatchObject({ username: 'u1', after: '', recent: 3, includeOwn: false });
  });

  test('asks for none of the newest when told so, and for what came after a cursor', async () => {
    post(...names(5));
    const none = new Reader(world.connect(), { recent: 0 });
    await none.has(({ kinds }) => kinds.includes('caught-up'), 'caught up');
    expect(none.texts).toEqual([]);
    expect(world.a.opened[0]).toMatchObject({ recent: -1 });
    const after = new Reader(world.connect(), { after: 'c3', includeOwn: true });
    await after.has(({ kinds }) => kinds.includes('caught-up'), 'caught up');
    expect(after.texts).toEqual(['p4', 'p5']);
    expect(world.a.opened[1]).toMatchObject({ after: 'c3', includeOwn: true });
  });

  test('C2: when its master is killed it is resumed at the next, with nothing missing and nothing twice', async () => {
    post('p1', 'p2');
    const client = await world.connectWarm();
    const reader = new Reader(client);
    await reader.has(({ texts }) => texts.length === 2, 'the first entries');
    await world.a.front.kill();
    await reader.has(({ kinds }) => kinds.includes('lost'), 'the loss is said');
    post('p3', 'p4');
    world.router.say(world.b.address, 2);
    await reader.has(({ kinds }) => kinds.includes('resumed'), 'resumed');
    post('p5');
    await reader.has(({ texts }) => texts.length === 5, 'all entries');
    expect(reader.texts).toEqual(names(5));
    expect(reader.kinds).toEqual(['caught-up', 'lost', 'resumed']);
    expect(reader.events.find(({ kind }) => kind === 'lost')).toMatchObject({
      address: world.a.address,
      epoch: 1,
    });
    const resumed = reader.events.find((event) => event.kind === 'resumed');
    expect(resumed).toMatchObject({ address: world.b.address, epoch: 2, entries: 2, missed: 0 });
    expect(resumed?.afterMs).toBeGreaterThan(0);
    expect(world.b.opened[0]).toMatchObject({ after: 'c2' });
  });

  test('moves at once when the stream says `moved`', async () => {
    const client = await world.connectWarm();
    const reader = new Reader(client);
    await reader.has(({ kinds }) => kinds.includes('caught-up'), 'caught up');
    world.a.move(world.b.address, 2);
    await reader.has(({ kinds }) => kinds.includes('resumed'), 'resumed');
    expect(client.master).toEqual({ address: world.b.address, epoch: 2 });
  });

  test('moves at once when the router pushes, though the old master still sends', async () => {
    const client = await world.connectWarm();
    const reader = new Reader(client);
    await reader.has(({ kinds }) => kinds.includes('caught-up'), 'caught up');
    world.router.say(world.b.address, 2);
    await reader.has(({ kinds }) => kinds.includes('resumed'), 'resumed');
    post('p1');
    await reader.has(({ texts }) => texts.length > 0, 'the entry');
    await systemClock.sleep(150);
    expect(reader.texts).toEqual(['p1']);
  });

  test('a master that is silent for longer than the suspicion is given up', async () => {
    const client = await world.connectWarm({ suspicionMs: 300 });
    const reader = new Reader(client);
    await reader.has(({ kinds }) => kinds.includes('caught-up'), 'caught up');
    const accepted = world.a.front.accepted;
    world.a.front.freeze();
    await reader.has(({ kinds }) => kinds.includes('lost'), 'the silence is noticed');
    expect(reader.events.at(-1)).toMatchObject({ kind: 'lost', why: 'silent for 300 ms' });
    await eventually(() => world.a.front.accepted > accepted, 'a new connection is tried');
    post('p1');
    world.a.front.thaw();
    await reader.has(({ texts }) => texts.length > 0, 'the entry');
    expect(reader.texts).toEqual(['p1']);
  });

  test('a master that answers calls while its stream is silent is not given up: the stream alone is opened anew', async () => {
    const client = await world.connectWarm({ suspicionMs: 300 });
    world.a.heartbeats = false;
    const posting = systemClock.every(50, () => {
      client.list().catch(() => {});
    });
    const reader = new Reader(client);
    await reader.has(({ kinds }) => kinds.includes('resumed'), 'opened anew');
    posting();
    expect(reader.events.find(({ kind }) => kind === 'lost')).toMatchObject({ why: 'silent for 300 ms' });
    expect(world.a.front.accepted).toBe(1);
  });

  test('heartbeats keep a quiet stream, and advance its cursor', async () => {
    const client = await world.connectWarm({ suspicionMs: 250 });
    const reader = new Reader(client, { recent: 0 });
    await reader.has(({ kinds }) => kinds.includes('caught-up'), 'caught up');
    expect(reader.timeline.cursor).toBe('c0');
    world.journal.posts.push({
      postId: 'x',
      author: 'nobody',
      text: 'of nobody one follows',
      postedAt: undefined,
      seq: 1n,
    });
    await reader.has(({ timeline }) => timeline.cursor === 'c1', 'the cursor moves');
    await systemClock.sleep(600);
    expect(reader.kinds).toEqual(['caught-up']);
  });

  test('C2: what a stream left out is read again after the last entry, though heartbeats spoke of later places', async () => {
    post('p1', 'p2', 'p3', 'p4');
    const entry = (seq: number): TimelineEntry => world.journal.entry(seq);
    world.a.onTimeline = (_open, stream) => {
      world.a.onTimeline = undefined;
      stream.write({ response: { $case: 'entries', value: { entries: [entry(1), entry(2)] } } });
      stream.write({ response: { $case: 'caughtUp', value: { cursor: 'c2' } } });
      stream.write({ response: { $case: 'heartbeat', value: { cursor: 'c3' } } });
      stream.write({ response: { $case: 'entries', value: { entries: [entry(4)] } } });
    };
    const reader = new Reader(world.connect());
    await reader.has(({ kinds }) => kinds.includes('resumed'), 'it goes on');
    expect(reader.texts).toEqual(names(4));
    expect(reader.kinds).toEqual(['caught-up', 'lost', 'resumed']);
    expect(reader.events.find(({ kind }) => kind === 'lost')).toMatchObject({
      why: 'entry 3 is missing before entry 4',
    });
    expect(world.a.opened.map(({ after }) => after)).toEqual(['', 'c2']);
  });

  test('C2: an entry that is missing again is an error with evidence, after everything before it', async () => {
    post('p1', 'p2', 'p3', 'p4');
    const entry = (seq: number): TimelineEntry => world.journal.entry(seq);
    world.a.onTimeline = ({ after }, stream) => {
      const entries = after === 'c2' ? [entry(4)] : [entry(1), entry(2), entry(4)];
      stream.write({ response: { $case: 'entries', value: { entries } } });
    };
    const reader = new Reader(world.connect());
    await eventually(() => reader.ended, 'it ends');
    expect(reader.texts).toEqual(['p1', 'p2']);
    expect(world.a.opened).toHaveLength(2);
    expect(reader.error).toBeInstanceOf(Gap);
    expect((reader.error as Gap).evidence).toEqual({
      kind: 'missing',
      lastSeq: 2,
      prevSeq: 3,
      seq: 4,
      address: world.a.address,
      epoch: 1,
    });
  });

  test('C2: an entry that comes again after a failover is an error, not a second event', async () => {
    post('p1', 'p2');
    const client = await world.connectWarm();
    const reader = new Reader(client);
    await reader.has(({ texts }) => texts.length === 2, 'the first entries');
    world.b.onTimeline = (_open, stream) => {
      stream.write({ response: { $case: 'entries', value: { entries: [world.journal.entry(2)] } } });
    };
    world.router.say(world.b.address, 2);
    await eventually(() => reader.ended, 'it ends');
    expect(reader.texts).toEqual(['p1', 'p2']);
    expect(reader.error).toMatchObject({ name: 'Gap', evidence: { kind: 'repeated', seq: 2 } });
  });

  test.each(['CURSOR_EXPIRED', 'CURSOR_DIVERGED', 'CURSOR_INVALID'] as const)(
    'C2: %s ends it with that name',
    async (reason) => {
      world.a.onTimeline = (_open, stream) => stream.emit('error', refusal(reason));
      const reader = new Reader(world.connect(), { after: 'c9' });
      await eventually(() => reader.ended, 'it ends');
      expect(reader.error).toBeInstanceOf(Refused);
      expect(reader.error).toMatchObject({ reason });
    },
  );

  test('C2: CURSOR_IN_FUTURE is waited for, and at last called by its name', async () => {
    let times = 0;
    world.a.onTimeline = (open, stream) => {
      if (++times < 4) stream.emit('error', refusal('CURSOR_IN_FUTURE'));
      else world.a.serve(open, stream);
    };
    const reader = new Reader(world.connect(), { after: 'c0' });
    await reader.has(({ kinds }) => kinds.includes('caught-up'), 'caught up');
    world.a.onTimeline = (_open, stream) => stream.emit('error', refusal('CURSOR_IN_FUTURE'));
    const late = new Reader(world.connect({ timeoutMs: 300 }), { after: 'c9' });
    await eventually(() => late.ended, 'it ends');
    expect(late.error).toMatchObject({ name: 'Refused', reason: 'CURSOR_IN_FUTURE' });
  });

  test('C5: nobody to open it at within the time-out is an error that says what it waited for', async () => {
    world.router.say('', 1);
    const reader = new Reader(world.connect({ timeoutMs: 200 }));
    await eventually(() => reader.ended, 'it ends');
    expect(reader.error).toBeInstanceOf(Unreachable);
    expect((reader.error as Error).message).toContain('none may serve');
  });

  test('a lost timeline is sought for as long as its patience says', async () => {
    const client = await world.connectWarm();
    const reader = new Reader(client, { patienceMs: 300 });
    await reader.has(({ kinds }) => kinds.includes('caught-up'), 'caught up');
    await world.a.front.kill();
    await eventually(() => reader.ended, 'it ends');
    expect(reader.kinds).toEqual(['caught-up', 'lost']);
    expect(reader.error).toBeInstanceOf(Unreachable);
  });

  test('leaving the loop ends the stream; abort rejects with its reason', async () => {
    post('p1', 'p2');
    const client = await world.connectWarm();
    for await (const event of client.timeline()) {
      expect(event.kind).toBe('entry');
      break;
    }
    await eventually(() => world.a.streams.size === 0, 'the stream is ended');
    const reader = new Reader(client);
    await reader.has(({ kinds }) => kinds.includes('caught-up'), 'caught up');
    reader.stop();
    await eventually(() => reader.ended, 'it ends');
    expect(reader.error).toMatchObject({ message: 'stopped' });
    await eventually(() => world.a.streams.size === 0, 'the stream is ended');
  });

  test('five failovers in a row lose nothing, double nothing, and keep the order', async () => {
    const client = await world.connectWarm();
    const reader = new Reader(client);
    await reader.has(({ kinds }) => kinds.includes('caught-up'), 'caught up');
    let count = 0;
    const writing = systemClock.every(1, () => post(`p${++count}`));
    const masters = [world.a, world.b];
    for (let epoch = 2; epoch <= 6; epoch++) {
      const [old, next] = [masters[epoch % 2], masters[(epoch + 1) % 2]] as [typeof world.a, typeof world.a];
      await old.front.kill();
      world.router.say(next.address, epoch);
      await reader.has(
        ({ kinds }) => kinds.filter((kind) => kind === 'resumed').length === epoch - 1,
        'resumed',
      );
      await old.front.revive();
    }
    writing();
    await reader.has(({ texts }) => texts.length === count, 'everything');
    expect(reader.texts).toEqual(names(count));
  });
});
