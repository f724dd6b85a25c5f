import { readSettings } from '@everline/chassis';
import { describe, expect, test } from '@jest/globals';
import { definition, relations } from '../src/settings.js';

const times = { pingMs: 100, suspicionMs: 500, leaseMs: 400, lagMs: 500 };

describe('settings of a master', () => {
  test('the defaults go together', () => {
    expect(readSettings(definition, ['--data', 'd'], {})).toMatchObject(times);
    expect(relations(times)).toBeUndefined();
  });

  test.each([
    ['--lease-ms', { ...times, leaseMs: 500 }],
    ['--lease-ms', { ...times, leaseMs: 200 }],
    ['--lag-ms', { ...times, lagMs: 150 }],
  ])('%s is refused by name when it does not fit the others', (flag, wrong) => {
    expect(relations(wrong)).toContain(flag);
  });

  test('a relation that does not hold ends the process with code 78', () => {
    const argv = ['--data', 'd', '--lease-ms', '600'];
    expect(() => readSettings(definition, argv, {})).toThrow(expect.objectContaining({ code: 78 }));
  });

  test('several routers, from the environment', () => {
    const { routers } = readSettings(definition, ['--data', 'd'], {
      EVERLINE_ROUTER: '127.0.0.1:1,127.0.0.1:2',
    });
    expect(routers).toEqual(['127.0.0.1:1', '127.0.0.1:2']);
  });
});
