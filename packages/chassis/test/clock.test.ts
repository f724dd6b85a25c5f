import { describe, expect, test } from '@jest/globals';
import { DeadlineExceeded, deadline, systemClock, withDeadline } from '../src/clock.js';
import { manualClock } from './support/manual-clock.js';

describe('T1: the system clock', () => {
  test('calls after the time, every time, soon, and not when cancelled', async () => {
    const beginMs = systemClock.nowMs();
    await new Promise<void>((resolve) => void systemClock.after(20, resolve));
    expect(systemClock.nowMs() - beginMs).toBeGreaterThanOrEqual(19);
    let ticks = 0;
    await new Promise<void>((resolve) => {
      const cancel = systemClock.every(1, () => {
        ticks += 1;
        if (ticks < 3) return;
        cancel();
        resolve();
      });
    });
    systemClock.after(0, () => (ticks = 100))();
    await new Promise<void>((resolve) => systemClock.soon(resolve));
    await systemClock.sleep(5);
    expect(ticks).toBe(3);
    expect(Math.abs(systemClock.wallMs() - Date.now())).toBeLessThan(1_000);
  });

  test('does not take a very long time for none', async () => {
    let fired = false;
    const cancel = systemClock.after(2 ** 40, () => (fired = true));
    await systemClock.sleep(5);
    cancel();
    expect(fired).toBe(false);
  });

  test('a sleep ends with the reason of its signal', async () => {
    const abort = new AbortController();
    const sleeping = systemClock.sleep(60_000, abort.signal);
    abort.abort('wake up');
    await expect(sleeping).rejects.toBe('wake up');
    await expect(systemClock.sleep(60_000, AbortSignal.abort('never slept'))).rejects.toBe('never slept');
  });
});

describe('a deadline', () => {
  test('aborts when its time has come, and not after it was disposed', () => {
    const clock = manualClock();
    const limit = deadline(clock, 100);
    const disposed = deadline(clock, 100);
    disposed[Symbol.dispose]();
    clock.advance(99);
    expect(limit.signal.aborted).toBe(false);
    clock.advance(1);
    expect(limit.signal.reason).toBeInstanceOf(DeadlineExceeded);
    expect(disposed.signal.aborted).toBe(false);
  });

  test('follows an outer signal, also one that has aborted before', () => {
    const clock = manualClock();
    const abort = new AbortController();
    const inner = deadline(clock, 100, abort.signal);
    abort.abort('outer');
    expect(inner.signal.reason).toBe('outer');
    expect(deadline(clock, 100, abort.signal).signal.reason).toBe('outer');
  });
});

describe('withDeadline', () => {
  test('gives the result, or the failure, of work that is in time', async () => {
    const clock = manualClock();
    await expect(withDeadline(clock, 100, 'work', async () => 7)).resolves.toBe(7);
    const failing = withDeadline(clock, 100, 'work', async () => {
      throw new Error('its own');
    });
    await expect(failing).rejects.toThrow('its own');
  });

  test('names what took too long, and tells the work', async () => {
    const clock = manualClock();
    let told: AbortSignal | undefined;
    const late = withDeadline(clock, 100, 'the flush', (signal) => {
      told = signal;
      return new Promise(() => {});
    });
    clock.advance(100);
    await expect(late).rejects.toThrow('the flush took longer than 100 ms');
    expect(told?.aborted).toBe(true);
  });

  test('does not wait for work that ignores an outer signal', async () => {
    const abort = new AbortController();
    const work = withDeadline(manualClock(), 100, 'work', () => new Promise(() => {}), abort.signal);
    abort.abort(new Error('outer'));
    await expect(work).rejects.toThrow('outer');
  });
});
