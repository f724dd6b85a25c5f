import { describe, expect, test } from '@jest/globals';
import {
  ConfigurationError,
  defineSettings,
  exitCodes,
  formatAddress,
  parseAddress,
  processArguments,
  processEnvironment,
  readSettings,
  setting,
} from '../src/index.js';

const definition = defineSettings(
  {
    listen: setting.address({
      flag: '--listen',
      env: 'EVERLINE_LISTEN',
      default: '127.0.0.1:3010',
      help: 'where to serve',
    }),
    routers: setting.addresses({ flag: '--router', env: 'EVERLINE_ROUTER', help: 'who decides' }),
    metrics: setting.address({ flag: '--metrics', optional: true, help: 'where to serve metrics' }),
    leaseMs: setting.milliseconds({
      flag: '--lease-ms',
      env: 'EVERLINE_LEASE_MS',
      default: 400,
      max: 10_000,
      help: 'how long a read is good',
    }),
    suspicionMs: setting.milliseconds({
      flag: '--suspicion-ms',
      default: 500,
      help: 'silence that makes suspect',
    }),
    minInSync: setting.integer({ flag: '--min-in-sync', default: 1, min: 1, max: 9, help: 'copies' }),
    data: setting.directory({ flag: '--data', optional: true, help: 'where to keep' }),
    level: setting.choice(['info', 'warn'], {
      flag: '--level',
      env: 'EVERLINE_LEVEL',
      default: 'info',
      help: 'what to log',
    }),
    recover: setting.flag({ flag: '--recover', env: 'EVERLINE_RECOVER', help: 'rebuild' }),
  },
  {
    name: 'everline-example',
    description: 'An example.',
    check: ({ leaseMs, suspicionMs }) =>
      leaseMs < suspicionMs ? undefined : '--lease-ms must be less than --suspicion-ms',
  },
);
const router = ['--router', '127.0.0.1:1'];

function problemOf(argv: readonly string[], environment = {}): string {
  try {
    readSettings(definition, argv, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    if (!(error instanceof ConfigurationError)) throw error;
    expect(error.code).toBe(exitCodes.configuration);
    return error.message;
  }
  return 'none';
}

describe('settings', () => {
  test('come from the flag, else from the environment, else from the default; and are frozen', () => {
    const environment = {
      EVERLINE_LISTEN: '127.0.0.1:2',
      EVERLINE_LEASE_MS: '300',
      EVERLINE_LEVEL: '',
      EVERLINE_RECOVER: '1',
    };
    const settings = readSettings(
      definition,
      ['--listen', '[::1]:1', '--router=localhost:5,127.0.0.1:5,host-a:6'],
      environment,
    );
    expect(settings).toEqual({
      listen: '[::1]:1',
      routers: ['127.0.0.1:5', 'host-a:6'],
      metrics: undefined,
      leaseMs: 300,
      suspicionMs: 500,
      minInSync: 1,
      data: undefined,
      level: 'info',
      recover: true,
    });
    expect(Object.isFrozen(settings) && Object.isFrozen(settings.routers)).toBe(true);
    const level: 'info' | 'warn' = settings.level;
    const data: string | undefined = settings.data;
    expect([level, data]).toEqual(['info', undefined]);
  });

  test.each([
    [['--lease-ms', '0', ...router], '--lease-ms must be a whole number from 1 to 10000 ms, not "0"'],
    [['--lease-ms', '10001', ...router], '--lease-ms must be a whole number from 1 to 10000 ms, not "10001"'],
    [['--suspicion-ms', '1e3', ...router], '--suspicion-ms must be a whole number at least 1 ms, not "1e3"'],
    [['--min-in-sync', '-1', ...router], '--min-in-sync must be a whole number from 1 to 9, not "-1"'],
    [['--listen', 'here', ...router], '--listen must be HOST:PORT (e.g. 127.0.0.1:3010), not "here"'],
    [
      ['--listen', '1.2.3.4:65536', ...router],
      '--listen must be HOST:PORT (e.g. 127.0.0.1:3010), not "1.2.3.4:65536"',
    ],
    [['--level', 'loud', ...router], '--level must be one of info, warn, not "loud"'],
    [['--data', ' ', ...router], '--data must not be empty'],
    [['--lease-ms', '600', ...router], '--lease-ms must be less than --suspicion-ms'],
    [[], '--router (or EVERLINE_ROUTER) must be given: who decides'],
    [['--wrong', ...router], "unknown option '--wrong'"],
    [['stray', ...router], expect.stringContaining('too many arguments')],
    [['--listen'], "option '--listen <HOST:PORT>' argument missing"],
  ])('%j is refused in a sentence that names the flag and the limit', (argv, problem) => {
    expect(problemOf(argv)).toEqual(problem);
  });

  test('name the variable when it was the environment, and everything that is wrong at once', () => {
    expect(problemOf(['--level', 'loud'], { EVERLINE_LEASE_MS: 'x' })).toBe(
      [
        '--router (or EVERLINE_ROUTER) must be given: who decides',
        'EVERLINE_LEASE_MS must be a whole number from 1 to 10000 ms, not "x"',
        '--level must be one of info, warn, not "loud"',
      ].join('; '),
    );
  });

  test('--help says what there is, and ends with 0', () => {
    let help: unknown;
    try {
      readSettings(definition, ['--help'], {});
    } catch (error) {
      help = error;
    }
    expect(help).toMatchObject({ name: 'ExitWith', code: 0 });
    expect(String(help)).toMatch(/Usage: everline-example \[options\]/);
    expect(String(help)).toMatch(
      /--lease-ms <MS>\s+how long a read is good \(default 400,\s+env\s+EVERLINE_LEASE_MS\)/,
    );
    expect(String(help)).toMatch(/--recover\s+rebuild \(env EVERLINE_RECOVER\)/);
  });
});

describe('an address', () => {
  test('is read and written', () => {
    for (const [text, host, port] of [
      ['127.0.0.1:0', '127.0.0.1', 0],
      ['[::1]:3010', '::1', 3010],
      ['host-a.example:65535', 'host-a.example', 65_535],
    ] as const) {
      expect(parseAddress(text)).toEqual({ host, port });
      expect(formatAddress({ host, port })).toBe(text);
    }
    expect(parseAddress(' LocalHost:1 ')).toEqual({ host: '127.0.0.1', port: 1 });
  });

  test.each(['', ':1', 'a', 'a:', 'a:b', '::1:1', 'a:99999', 'a b:1', 'http://a:1', '[a]:1x'])(
    '%j is none',
    (text) => {
      expect(() => parseAddress(text)).toThrow(RangeError);
    },
  );
});

test('the environment and the arguments are copies', () => {
  const environment = processEnvironment();
  expect(Object.isFrozen(environment)).toBe(true);
  expect(environment.PATH).toBe(process.env.PATH);
  expect(processArguments()).toEqual(process.argv.slice(2));
});
