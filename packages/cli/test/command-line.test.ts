import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { commands } from '../src/commands/table.js';
import { everline, shellLine } from './everline.js';
import { told } from './told.js';

// The machine may be busy.
jest.setTimeout(60_000);

let home: string;
let environment: Record<string, string>;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'everline-cli-'));
  environment = { XDG_CONFIG_HOME: join(home, 'config'), XDG_DATA_HOME: join(home, 'data') };
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const unreachable = ['--router', '127.0.0.1:1', '--timeout', '100ms'];
const roles = ['router', 'master', 'watchdog'];
const names = Object.keys(commands).filter((name) => !roles.includes(name));

describe('help', () => {
  test.each(names)('everline %s --help has an example, on stdout, and ends with 0', async (name) => {
    const { code, stdout, stderr } = await told([name, '--help'], environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: everline ${name}`));
    expect(stdout).toMatch(/Examples:\n {2}\$ .*everline/);
    expect(stdout).toContain('--timeout <duration>');
  });

  test('everline --help names every command', async () => {
    const { code, stdout } = await everline(['--help'], { environment });
    expect(code).toBe(0);
    for (const name of Object.keys(commands)) expect(stdout).toContain(`\n  ${name}`);
  });

  test('nothing at all is answered with the help and a usage code', async () => {
    const { code, stdout, stderr } = await everline([], { environment });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: everline/);
  });

  test('the version is the package’s', async () => {
    const { code, stdout } = await everline(['--version'], { environment });
    expect({ code, stdout: stdout.trim() }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });
});

describe('usage errors are one line and code 2', () => {
  test.each([
    [['pst'], /unknown command 'pst' \(Did you mean post\?\) \(see everline --help\)/],
    [['post', '--nope'], /unknown option '--nope' \(see everline post --help\)/],
    [['login'], /missing required argument 'name'/],
    [['whoami', 'x'], /too many arguments/],
    [['whoami', '--router', 'nowhere'], /--router: `nowhere` is no HOST:PORT/],
    [['whoami', '--timeout', 'soon'], /--timeout: `soon` is no duration/],
    [['timeline', '-u', 'a', '--limit', 'many'], /--limit: `many` is no whole number/],
    [['whoami', '--profile', '../x'], /is no name for a profile/],
    [['completion', 'csh'], /csh/],
    [['up', '--masters', '0'], /--masters/],
    [['up', '--host', '0.0.0.0'], /--host/],
    [['up', '--port', '99999'], /--port/],
    [['force-available', 'x'], /--accept-data-loss/],
    [['post', '-u', 'a', '--id', 'x', '-'], /--id/],
    [['shell', '--router', '127.0.0.1:1', '-p', '1'], /--router/],
    [['shell', '-p', 'x'], /--port/],
  ])('%j', async (args, line) => {
    const { code, stdout, stderr } = await told(args, environment);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^everline: [^\n]+\n$/);
    expect(stderr).toMatch(line);
  });

  test('what was typed cannot steer the terminal from the error line', async () => {
    const { code, stdout, stderr } = await everline(['\u001b[2Jpost'], { environment });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toContain('\u001b');
  });

  test('a bad environment variable is named', async () => {
    const { code, stderr } = await everline(['whoami'], {
      environment: { ...environment, EVERLINE_ROUTER: 'x' },
    });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('EVERLINE_ROUTER: `x`') });
  });
});

describe('nobody answers', () => {
  test.each([
    ['login', 'alice'],
    ['list'],
    ['post', 'hello'],
    ['timeline'],
    ['timeline', '-f'],
    ['follow', 'bob'],
    ['status'],
    ['switchover'],
  ])('everline %s %s: one line that says for what it waited, and code 69', async (...args) => {
    const { code, stdout, stderr } = await everline([...args, '-u', 'alice', ...unreachable], {
      environment,
    });
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
    expect(stderr).toMatch(/^everline: [^\n]*127\.0\.0\.1:1[^\n]*\n$/);
  });

  test('a failed login is not remembered', async () => {
    await everline(['login', 'alice', ...unreachable], { environment });
    expect(existsSync(join(home, 'config', 'everline'))).toBe(false);
  });

  test('with --json the error is an object', async () => {
    const { code, stderr } = await everline(['list', '-u', 'alice', '--json', ...unreachable], {
      environment,
    });
    expect(code).toBe(69);
    expect(JSON.parse(stderr)).toMatchObject({ error: { exitCode: 69, reason: 'UNREACHABLE' } });
  });

  test('the shell says what the original says, and ends with 1', async () => {
    const { code, stdout, stderr } = await everline(['shell', ...unreachable], { environment });
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: 'connection failed: -1\n', stderr: '' });
  });

  test('the doctor says what to do, and that nothing is broken', async () => {
    const { code, stdout } = await everline(['doctor', '--port', '40123', ...unreachable], { environment });
    expect(stdout).toContain('no cluster answers at 127.0.0.1:1');
    expect(stdout).toContain('→ everline up');
    expect(code).toBe(0);
  });
});

describe('who am I', () => {
  test('nobody, and what to do about it', async () => {
    const { code, stdout, stderr } = await everline(['whoami'], { environment });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe('everline: nobody is logged in: `everline login NAME`, or --user NAME\n');
  });

  test('whom the environment names, and whom a flag names before it', async () => {
    const named = { ...environment, EVERLINE_USER: 'Env' };
    expect((await everline(['whoami'], { environment: named })).stdout).toBe('env\n');
    const { stdout } = await everline(['whoami', '-u', 'flag', '--json'], { environment: named });
    expect(JSON.parse(stdout)).toEqual({ user: 'flag', from: 'flag', router: '127.0.0.1:3010' });
  });

  test('a damaged profile names its file; logging out removes it', async () => {
    const broken = { ...environment, XDG_CONFIG_HOME: join(home, 'broken') };
    const path = join(home, 'broken', 'everline', 'profiles', 'default.json');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '{');
    const { code, stderr } = await everline(['whoami'], { environment: broken });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`${path} is damaged`) });
    expect((await everline(['logout'], { environment: broken })).code).toBe(0);
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });
});

describe('streams', () => {
  test('a reader that goes away ends it quietly', async () => {
    expect(await shellLine('everline --help | head -1', environment)).toEqual({
      code: 0,
      stdout: 'Usage: everline [options] COMMAND\n',
      stderr: '',
    });
  });

  test('a full disk behind stdout is said, with code 1', async () => {
    const { code, stderr } = await shellLine('everline --help > /dev/full', environment);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/could not be written: .*ENOSPC/),
    });
  });

  test('no colours where there is no terminal', async () => {
    const { stdout, stderr } = await shellLine('everline --help; everline nope', environment);
    expect(stdout + stderr).not.toContain('\u001b');
  });
});

describe('completion', () => {
  test('bash completes commands, flags and values', async () => {
    const complete = (words: string): string => `
      source <(everline completion bash); COMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1))
      _everline; printf '%s ' "\${COMPREPLY[@]}"`;
    expect((await shellLine(complete('everline fol'), environment)).stdout).toBe('follow ');
    expect((await shellLine(complete('everline post --i'), environment)).stdout).toBe('--id ');
    expect((await shellLine(complete('everline timeline --js'), environment)).stdout).toBe('--json ');
    expect((await shellLine(complete('everline completion z'), environment)).stdout).toBe('zsh ');
    expect((await shellLine(complete('everline verify --kill a'), environment)).stdout).toBe('available ');
  });

  test.each(['zsh', 'fish'])('%s gets every command', async (shell) => {
    const { code, stdout } = await told(['completion', shell], environment);
    expect(code).toBe(0);
    for (const name of Object.keys(commands)) expect(stdout).toContain(name);
  });
});
