import type { Client } from '@everline/client';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Line } from '../src/lines.js';
import { ctime } from '../src/print/local-time.js';
import { commandMode } from '../src/shell/command-mode.js';
import type { ShellParts } from '../src/shell/parts.js';
import { Reconnections } from '../src/shell/reconnections.js';
import { timelineMode } from '../src/shell/timeline-mode.js';
import { FakeSns } from './fake-sns.js';

// The machine may be busy.
jest.setTimeout(60_000);

const success = 'Command completed successfully';
const exists = 'Input username already exists, command failed';
const invalid = 'Command failed with invalid username';

/** One shell on a fake SNS: typed lines go in, the screen comes out. */
class FakeShell {
  readonly reconnections: Reconnections;
  private readonly parts: ShellParts;
  private readonly typed: (Line | undefined)[] = [];
  private wake: () => void = () => {};
  private screen = '';
  private readonly stop = new AbortController();
  private ended: Promise<unknown> = Promise.resolve();
  explained = '';

  constructor(sns: FakeSns, user: string) {
    const write = (text: string): void => {
      this.screen += text;
      this.wake();
    };
    this.reconnections = new Reconnections(write);
    this.reconnections.begin(1);
    this.parts = {
      client: sns.clientOf(user) as Client,
      reconnections: this.reconnections,
      signal: this.stop.signal,
      write,
      explain: (text) => {
        this.explained += `${text}\n`;
      },
      nextLine: () => this.nextLine(),
      pause: async () => {},
    };
  }

  static async start(sns: FakeSns, user: string): Promise<FakeShell> {
    const shell = new FakeShell(sns, user);
    await shell.parts.client.login();
    shell.run();
    return shell;
  }

  private run(): void {
    this.ended = commandMode(this.parts).then(async (end) => {
      if (end === 'timeline') await timelineMode(this.parts);
    });
    // A test that closes the shell does not wait for its end.
    this.ended.catch(() => {});
  }

  /** What appears on the screen after the line was typed, until the next prompt. */
  async type(text: string): Promise<string> {
    const from = this.screen.length;
    this.enter(text);
    await this.until(() => this.screen.slice(from).endsWith('Cmd> '));
    return this.screen.slice(from, -'\nCmd> '.length);
  }

  enter(text: string): void {
    this.typed.push({ kind: 'line', number: 1, text });
    this.wake();
  }

  async end(): Promise<void> {
    this.typed.push(undefined);
    this.wake();
    await this.ended;
  }

  close(): void {
    this.stop.abort(new Error('closed'));
    this.wake();
  }

  async shows(text: string): Promise<string> {
    await this.until(() => this.screen.includes(text));
    return this.screen;
  }

  private async nextLine(): Promise<Line | undefined> {
    await this.until(() => this.typed.length > 0 || this.stop.signal.aborted);
    this.stop.signal.throwIfAborted();
    return this.typed.shift();
  }

  private readonly waiting = new Set<() => void>();
  private async until(condition: () => boolean): Promise<void> {
    this.wake = () => {
      for (const look of this.waiting) look();
    };
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
    });
  }
}

const open: FakeShell[] = [];
async function shells(sns: FakeSns, ...users: string[]): Promise<FakeShell[]> {
  for (const user of users) open.push(await FakeShell.start(sns, user));
  return open.slice(-users.length);
}
afterEach(() => {
  for (const shell of open.splice(0)) shell.close();
});

const list = (followers: string): string => `${success}\nAll users: u1, u2, u3, \nFollowers: ${followers}`;

describe('public transcripts of command mode', () => {
  test('Follow', async () => {
    const users = ['u1', 'u2', 'u3'];
    const all = await shells(new FakeSns(), ...users);
    for (const shell of all) expect(await shell.type('list')).toBe(list(''));
    for (const [index, shell] of all.entries()) {
      for (const name of users) {
        expect(await shell.type(`follow ${name}`)).toBe(name === users[index] ? exists : success);
      }
      expect(await shell.type('follow u4')).toBe(invalid);
    }
    expect(await all[0]?.type('follow')).toBe('Invalid Command');
  });

  test('Unfollow', async () => {
    const users = ['u1', 'u2', 'u3'];
    const all = await shells(new FakeSns(), ...users);
    for (const [index, shell] of all.entries()) {
      for (const name of users.filter((_, other) => other !== index)) {
        expect(await shell.type(`FOLLOW ${name}`)).toBe(success);
      }
    }
    for (const [index, shell] of all.entries()) {
      for (const name of users) {
        expect(await shell.type(`UNFOLLOW ${name}`)).toBe(name === users[index] ? invalid : success);
      }
      expect(await shell.type('UNFOLLOW u4')).toBe(invalid);
    }
  });

  test('List', async () => {
    const users = ['u1', 'u2', 'u3'];
    const all = await shells(new FakeSns(), ...users);
    for (const [index, shell] of all.entries()) {
      const me = users[index] ?? '';
      const others = all.filter((_, other) => other !== index);
      const names = users.filter((_, other) => other !== index);
      for (const [other, name] of names.entries()) {
        expect(await shell.type(`follow ${name}`)).toBe(success);
        expect(await others[other]?.type('list')).toBe(list(`${me}, `));
      }
      expect(await shell.type(`unfollow ${me}`)).toBe(invalid);
      expect(await shell.type('list')).toBe(list(''));
      for (const [other, name] of names.entries()) {
        expect(await shell.type(`unfollow ${name}`)).toBe(success);
        expect(await others[other]?.type('list')).toBe(list(''));
      }
      expect(await shell.type('unfollow u4')).toBe(invalid);
    }
  });

  test('a second follow of the same user is refused in the original words', async () => {
    const [u1] = await shells(new FakeSns(), 'u1', 'u2');
    expect(await u1?.type('follow u2')).toBe(success);
    expect(await u1?.type('follow u2')).toBe(exists);
  });
});

describe('over an outage', () => {
  test('a follow whose outcome was unknown is carried out once, and no error line is shown', async () => {
    const sns = new FakeSns();
    const [u1, u2] = await shells(sns, 'u1', 'u2');
    for (const fault of ['unknown-but-done', 'unknown-not-done', 'unreachable'] as const) {
      sns.faults.push(fault, 'unreachable');
      expect(await u1?.type('follow u2')).toBe(success);
      expect(await u2?.type('list')).toBe(`${success}\nAll users: u1, u2, \nFollowers: u1, `);
      expect(await u1?.type('unfollow u2')).toBe(success);
    }
  });

  test('the move to another master is said before the answer', async () => {
    const [u1] = await shells(new FakeSns(), 'u1');
    u1?.reconnections.moved('127.0.0.1:3012', 2);
    expect(await u1?.type('list')).toBe(
      `Reconnecting to 127.0.0.1:3012...\n${success}\nAll users: u1, \nFollowers: `,
    );
  });

  test('a typed line whose outcome was unknown is posted exactly once, in its place', async () => {
    const sns = new FakeSns();
    const [u1] = await shells(sns, 'u1');
    u1?.enter('timeline');
    await u1?.shows('Now you are in the timeline\n');
    sns.faults.push('unknown-but-done', 'unreachable', 'unknown-not-done', 'unreachable');
    for (const text of ['one', 'two', '', 'three']) u1?.enter(text);
    await u1?.end();
    expect(sns.posts.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });
});

describe('timeline mode', () => {
  const shown = (seq: number, author: string, text: string): string =>
    `${author}(${ctime(seq * 1_000)}) >> ${text}\n\n`;

  test('shows the last 20 posts since the follow, newest first, then others as they come, never one’s own', async () => {
    const sns = new FakeSns();
    const [u1] = await shells(sns, 'u1', 'u2');
    sns.post('u2', 'before the follow');
    await u1?.type('follow u2');
    for (let number = 1; number <= 22; number += 1) sns.post('u2', `p${number}`);
    sns.post('u1', 'my own');
    u1?.enter('TIMELINE');
    await u1?.shows(shown(4, 'u2', 'p3'));
    sns.post('u1', 'my own again');
    sns.post('u2', 'p23');
    const screen = (await u1?.shows(shown(26, 'u2', 'p23'))) ?? '';
    const replay = Array.from({ length: 20 }, (_, index) => shown(23 - index, 'u2', `p${22 - index}`));
    expect(screen).toBe(
      `Cmd> ${success}\nCmd> ${success}\nNow you are in the timeline\n${replay.join('')}${shown(26, 'u2', 'p23')}`,
    );
  });

  test('ends with the input, after what was typed is posted and what was there is shown', async () => {
    const sns = new FakeSns();
    const [u1, u2] = await shells(sns, 'u1', 'u2');
    await u2?.type('follow u1');
    u1?.enter('timeline');
    u1?.enter('hello');
    await u1?.end();
    u2?.enter('timeline');
    await u2?.end();
    expect(sns.posts.map(({ text }) => text)).toEqual(['hello']);
    expect(await u2?.shows('')).toContain(shown(1, 'u1', 'hello'));
  });

  test('a post that is refused says so, and the next one is posted', async () => {
    const sns = new FakeSns();
    const [u1] = await shells(sns, 'u1');
    u1?.enter('timeline');
    u1?.enter('x'.repeat(4_097));
    u1?.enter('short');
    await u1?.end();
    expect(await u1?.shows('Command failed with unknown reason\n')).toBeDefined();
    expect(u1?.explained).toBe('refused: FIELD_INVALID\n');
    expect(sns.posts.map(({ text }) => text)).toEqual(['short']);
  });

  test('the end of the input in command mode is the end, and nothing is posted', async () => {
    const sns = new FakeSns();
    const [u1] = await shells(sns, 'u1');
    await u1?.end();
    expect(sns.posts).toEqual([]);
  });
});
