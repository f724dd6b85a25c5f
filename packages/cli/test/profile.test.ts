import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  parseProfile,
  profilePath,
  readProfile,
  removeProfile,
  writeProfile,
} from '../src/profile/profile.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'everline-profile-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a profile', () => {
  test('is kept for its owner alone, and leaves no draft behind', () => {
    const path = profilePath(join(folder, 'everline'), 'default');
    writeProfile(path, { user: 'alice', router: '10.0.0.1:3010' });
    expect(readProfile(path)).toEqual({ user: 'alice', router: '10.0.0.1:3010' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(path, '..'))).toEqual(['default.json']);
  });

  test('that was readable for all is closed when it is written again', () => {
    const path = join(folder, 'default.json');
    writeFileSync(path, '{}', { mode: 0o644 });
    writeProfile(path, { user: 'alice' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('that is not there is empty; removing it twice is no fault', () => {
    const path = join(folder, 'none', 'default.json');
    expect(readProfile(path)).toEqual({});
    removeProfile(path);
    removeProfile(path);
  });

  test.each(['', 'x', '[]', 'null', '{"user":1}', '{"router":{}}'])(
    'that is damaged (%j) names its file and the remedy',
    (text) => {
      expect(() => parseProfile(text, '/p.json')).toThrow(/\/p\.json is damaged: remove it/);
    },
  );

  test('of a newer version is read as far as it is known', () => {
    expect(parseProfile('{"user":"alice","token":"t"}', '/p.json')).toEqual({ user: 'alice' });
  });

  test.each(['', '..', '../x', 'a/b', '.hidden', 'x'.repeat(65)])('is not named %j', (name) => {
    expect(() => profilePath(folder, name)).toThrow(/no name for a profile/);
  });

  test('that cannot be written says why in one line', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => writeProfile(join(folder, 'file', 'default.json'), {})).toThrow(
      /cannot be written: (ENOTDIR|EEXIST)/,
    );
  });
});
