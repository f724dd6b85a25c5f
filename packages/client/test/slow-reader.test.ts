import { systemClock } from '@everline/chassis';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from './support/eventually.js';
import { refusal } from './support/refuse.js';
import { World } from './support/world.js';

describe('a slow reader', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
  });

  test('makes the master hold back: what waits here is bounded, and everything comes in order in the end', async () => {
    const total = 8_000;
    const text = 'x'.repeat(200);
    let sent = 0;
    let blocked = false;
    world.a.onTimeline = (_open, stream) => {
      const pump = (): void => {
        blocked = false;
        while (sent < total) {
          const seq = ++sent;
          const post = { postId: `p${seq}`, author: 'u2', text, postedAt: undefined, seq: BigInt(seq) };
          const entries = [{ post, cursor: `c${seq}`, prevSeq: BigInt(seq - 1) }];
          if (!stream.write({ response: { $case: 'entries', value: { entries } } })) {
            blocked = true;
            stream.once('drain', pump);
            return;
          }
        }
      };
      pump();
    };
    const timeline = world.connect().timeline();
    const iterator = timeline[Symbol.asyncIterator]();
    const first = await iterator.next();
    expect(first.value).toMatchObject({ kind: 'entry', cursor: 'c1' });
    await systemClock.sleep(300);
    await eventually(() => blocked, 'the master is held back');
    await systemClock.sleep(100);
    // The buffer's bound, and what the sockets and windows of both ends and of the front hold.
    expect(sent).toBeLessThan(4_000);
    const seqs = [1];
    while (seqs.length < total) {
      const { value } = await iterator.next();
      if (value?.kind === 'entry') seqs.push(value.post.seq);
    }
    expect(seqs).toEqual(Array.from({ length: total }, (_, index) => index + 1));
    await iterator.return?.();
  });

  test('that is ended with READER_TOO_SLOW is resumed after what it has, once it has room', async () => {
    for (let seq = 1; seq <= 3_000; seq++) world.journal.append(`p${seq}`, 'u2', `p${seq}`);
    let openings = 0;
    world.a.onTimeline = (open, stream) => {
      if (++openings > 1) return world.a.serve(open, stream);
      stream.write({
        response: { $case: 'entries', value: { entries: world.journal.from(0).slice(0, 1_500) } },
      });
      systemClock.after(100, () =>
        stream.emit('error', refusal('READER_TOO_SLOW', { metadata: { cursor: 'c1500' } })),
      );
    };
    const iterator = world.connect().timeline({ recent: 3_000 })[Symbol.asyncIterator]();
    await iterator.next();
    await systemClock.sleep(300);
    expect(openings).toBe(1);
    const seqs = [1];
    while (seqs.length < 3_000) {
      const { value } = await iterator.next();
      if (value?.kind === 'entry') seqs.push(value.post.seq);
    }
    expect(seqs).toEqual(Array.from({ length: 3_000 }, (_, index) => index + 1));
    expect(openings).toBe(2);
    expect(world.a.opened[1]).toMatchObject({ after: 'c1500' });
    await iterator.return?.();
  });
});
