import { describe, expect, test } from '@jest/globals';
import { configFolder, dataFolder } from '../src/profile/folders.js';
import { formatAddress, parseDuration, parseRouters, parseWhole } from '../src/settings/parse.js';
import { profileName, resolveSettings, wantsNoColour } from '../src/settings/settings.js';

describe('precedence: flag, environment, profile, default', () => {
  const environment = { EVERLINE_ROUTER: '10.0.0.2:1', EVERLINE_USER: 'Env', EVERLINE_TIMEOUT: '2s' };
  const profile = { user: 'profiled', router: '10.0.0.3:1' };

  test('a flag wins', () => {
    const flags = { router: '10.0.0.1:1', user: 'Flag', timeout: '1s' };
    expect(resolveSettings(flags, environment, profile)).toMatchObject({
      routers: ['10.0.0.1:1'],
      routersFrom: 'flag',
      user: { name: 'flag', from: 'flag' },
      timeoutMs: 1_000,
    });
  });

  test('then the environment', () => {
    expect(resolveSettings({}, environment, profile)).toMatchObject({
      routers: ['10.0.0.2:1'],
      routersFrom: 'environment',
      user: { name: 'env', from: 'environment' },
      timeoutMs: 2_000,
    });
  });

  test('then the profile; an empty variable is as good as none', () => {
    expect(resolveSettings({}, { EVERLINE_ROUTER: '', EVERLINE_USER: '' }, profile)).toMatchObject({
      routers: ['10.0.0.3:1'],
      user: { name: 'profiled', from: 'profile' },
    });
  });

  test('then the default', () => {
    expect(resolveSettings({}, {}, {})).toEqual({
      routers: ['127.0.0.1:3010'],
      routersFrom: 'default',
      user: undefined,
      timeoutMs: 10_000,
      json: false,
      quiet: false,
    });
  });

  test('the profile is named likewise', () => {
    expect(profileName({ profile: 'a' }, { EVERLINE_PROFILE: 'b' })).toBe('a');
    expect(profileName({}, { EVERLINE_PROFILE: 'b' })).toBe('b');
    expect(profileName({}, { EVERLINE_PROFILE: '' })).toBe('default');
  });

  test('NO_COLOR counts when it is not empty', () => {
    expect(wantsNoColour({}, { NO_COLOR: '1' })).toBe(true);
    expect(wantsNoColour({}, { NO_COLOR: '' })).toBe(false);
    expect(wantsNoColour({ color: false }, {})).toBe(true);
    expect(wantsNoColour({ color: true }, { TERM: 'dumb' })).toBe(true);
  });
});

describe('values', () => {
  test.each([
    ['127.0.0.1:3010', ['127.0.0.1:3010']],
    ['localhost:3010', ['127.0.0.1:3010']],
    ['router.example:80, 10.0.0.1:81', ['router.example:80', '10.0.0.1:81']],
    ['[::1]:3010', ['[::1]:3010']],
    ['a:1,a:1', ['a:1']],
  ])('the routers %j are %j', (text, routers) => {
    expect(parseRouters(text, '--router')).toEqual(routers);
  });

  test.each(['', 'a', 'a:', ':1', 'a:0', 'a:65536', 'a:1,', 'a b:1', '::1:3010', 'a:1:2'])(
    'the router %j is refused by name',
    (text) => {
      expect(() => parseRouters(text, 'EVERLINE_ROUTER')).toThrow(/^EVERLINE_ROUTER: `/);
    },
  );

  test.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['10', 10_000],
    ['1.5s', 1_500],
    ['2min', 120_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
  ])('the duration %j is %d ms', (text, ms) => {
    expect(parseDuration(text, '--timeout')).toBe(ms);
  });

  test.each(['', '0', '0ms', '-1s', 'ten', '10 s', '25h', '1e3', 'Infinity'])(
    'the duration %j is refused',
    (text) => {
      expect(() => parseDuration(text, '--timeout')).toThrow(/^--timeout: /);
    },
  );

  test('whole numbers have limits', () => {
    expect(parseWhole('20', '--limit', 0, 100)).toBe(20);
    for (const text of ['-1', '101', '1.5', 'x', '']) {
      expect(() => parseWhole(text, '--limit', 0, 100)).toThrow(/from 0 to 100/);
    }
  });

  test('an address with colons gets its brackets', () => {
    expect(formatAddress('::1', 1)).toBe('[::1]:1');
    expect(formatAddress('LOCALHOST', 1)).toBe('127.0.0.1:1');
  });
});

describe('folders by the XDG rules', () => {
  test.each([
    [{ XDG_CONFIG_HOME: '/c', HOME: '/h' }, '/c/everline'],
    [{ XDG_CONFIG_HOME: '', HOME: '/h' }, '/h/.config/everline'],
    [{ XDG_CONFIG_HOME: 'relative', HOME: '/h' }, '/h/.config/everline'],
    [{ HOME: '/h' }, '/h/.config/everline'],
  ])('%j', (environment, folder) => {
    expect(configFolder(environment)).toBe(folder);
  });

  test('data has its own', () => {
    expect(dataFolder({ XDG_DATA_HOME: '/d' })).toBe('/d/everline');
    expect(dataFolder({ HOME: '/h' })).toBe('/h/.local/share/everline');
  });
});
