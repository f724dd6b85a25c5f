import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TimelineEvent } from '../src/timeline/event.js';
import { EventBuffer } from '../src/timeline/event-buffer.js';

function entry(seq: number): TimelineEvent {
  const post = { postId: `p${seq}`, author: 'u', text: 't', postedAtMs: 0, seq };
  return { kind: 'entry', post, cursor: `c${seq}` };
}

function bufferOf(bound: number): { buffer: EventBuffer; flow: string[] } {
  const flow: string[] = [];
  const buffer = new EventBuffer(bound, undefined, {
    onFull: () => flow.push('full'),
    onRoom: () => flow.push('room'),
  });
  return { buffer, flow };
}

describe('the buffer between a stream and its reader', () => {
  test('hands out everything once and in order, whoever is faster, and moves the cursor only past what was handed out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('push', 'advance', 'take'), { maxLength: 60 }),
        async (steps) => {
          const { buffer } = bufferOf(8);
          let [pushed, taken] = [0, 0];
          const waiting: Promise<void>[] = [];
          for (const step of steps) {
            if (step === 'push') buffer.push(entry(++pushed));
            if (step === 'advance') buffer.advance(`c${pushed}`);
            if (step === 'take') {
              const expected = ++taken;
              waiting.push(
                buffer
                  .next()
                  .then((event) => expect(event).toEqual(expected <= pushed ? entry(expected) : undefined)),
              );
            }
            const handedOut = Math.min(taken, pushed);
            if (buffer.cursor !== undefined) expect(Number(buffer.cursor.slice(1))).toBe(handedOut);
          }
          buffer.finish(undefined);
          await Promise.all(waiting);
        },
      ),
    );
  });

  test('asks its source to hold at the bound, and to go on at half of it', async () => {
    const { buffer, flow } = bufferOf(4);
    for (let seq = 1; seq <= 5; seq++) buffer.push(entry(seq));
    expect(flow).toEqual(['full']);
    for (let taken = 1; taken <= 3; taken++) await buffer.next();
    expect(flow).toEqual(['full', 'room']);
  });

  test('tells an error once, after what came before it, and then the end', async () => {
    const { buffer } = bufferOf(4);
    buffer.push(entry(1));
    buffer.finish(new Error('gap'));
    buffer.push(entry(2));
    await expect(buffer.next()).resolves.toEqual(entry(1));
    await expect(buffer.next()).rejects.toThrow('gap');
    await expect(buffer.next()).resolves.toBeUndefined();
  });

  test('a heartbeat moves the cursor of a reader who has taken everything', async () => {
    const { buffer } = bufferOf(4);
    buffer.push(entry(1));
    buffer.advance('c7');
    expect(buffer.cursor).toBeUndefined();
    await buffer.next();
    expect(buffer.cursor).toBe('c1');
    const next = buffer.next();
    expect(buffer.cursor).toBe('c7');
    buffer.finish(undefined);
    await next;
  });
});
