import { describe, expect, test } from '@jest/globals';
import { admission, type Belonging } from '../../src/role/admission.js';

const configuration = {
  clusterId: 'c',
  version: 7,
  epoch: 3,
  availableId: 'b',
  inSyncIds: ['b'],
  masters: [],
  minInSync: 1,
  history: 2,
};
const own: Belonging = { masterId: 'a', clusterId: 'c', history: 2 };

describe('which configurations a master follows (R9, R10)', () => {
  test('those of its cluster and its history', () => {
    expect(admission(own, configuration)).toBe('follow');
  });

  test('none of another cluster, whatever its history', () => {
    expect(admission({ ...own, clusterId: 'd' }, configuration)).toBe('foreign');
    expect(admission({ ...own, clusterId: 'd', history: 0 }, configuration)).toBe('foreign');
  });

  test('the first one it hears of, when it belongs to none', () => {
    expect(admission({ masterId: 'a', clusterId: undefined, history: 0 }, configuration)).toBe('adopt');
  });

  test('none of a history that was given up', () => {
    expect(admission({ ...own, history: 3 }, configuration)).toBe('ignore');
  });

  test('a newer history takes what it has, unless a person gave it the role in it', () => {
    expect(admission({ ...own, history: 1 }, configuration)).toBe('renew');
    expect(admission({ ...own, masterId: 'b', history: 1 }, configuration)).toBe('adopt');
  });
});
