import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { Patience } from '../../src/clients/patience.js';
import { elapsed, within } from '../../src/eventually.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function over({ signal }: Patience): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

describe('A patience', () => {
  test('ends though garbage is collected while somebody waits for it, within another one, too', async () => {
    const whole = new Patience(1_000);
    const waits = [over(new Patience(200)), over(new Patience(60_000, whole.signal))];
    await elapsed(50);
    collectGarbage();
    await within(Promise.all(waits), 10_000, 'both have ended');
    expect(new Patience(60_000, whole.signal).signal.aborted).toBe(true);
  });
});
