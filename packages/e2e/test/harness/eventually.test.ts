import { describe, expect, test } from '@jest/globals';
import { eventually, within } from '../../src/eventually.js';

describe('a wait of the suite', () => {
  test('gives the first value that is there', async () => {
    let looks = 0;
    const value = await eventually(() => (++looks === 3 ? looks : undefined), 1_000, 'three looks');
    expect(value).toBe(3);
  });

  test('says what it waited for, and why the last look failed', async () => {
    const looking = (): never => {
      throw new Error('nobody there');
    };
    await expect(eventually(looking, 20, 'somebody is there')).rejects.toThrow(
      'within 20 ms it was not so: somebody is there; the last look failed: nobody there',
    );
  });

  test('ends by name when a promise never settles', async () => {
    await expect(within(new Promise(() => {}), 10, 'it settles')).rejects.toThrow('it settles');
  });
});
