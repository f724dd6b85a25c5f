import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { outcomeOf } from '../src/shell/outcomes.js';
import { parseShellCommand } from '../src/shell/parser.js';
import { Reconnections } from '../src/shell/reconnections.js';
import { banner, listText, outcomeText, postText, prompt } from '../src/shell/texts.js';

describe('what a line in command mode asks for', () => {
  const none = (refusal: 'invalid-command' | 'no-arguments' | 'unknown-command') => ({
    kind: 'none',
    refusal,
  });
  test.each([
    ['list', { kind: 'list' }],
    ['LiSt', { kind: 'list' }],
    ['timeline', { kind: 'timeline' }],
    ['FOLLOW u2', { kind: 'follow', name: 'u2' }],
    ['follow u2', { kind: 'follow', name: 'u2' }],
    ['Unfollow u2', { kind: 'unfollow', name: 'u2' }],
    ['follow u2 u3', { kind: 'follow', name: 'u2 u3' }],
    ['follow  u2', { kind: 'follow', name: ' u2' }],
    ['follow', none('invalid-command')],
    ['', none('invalid-command')],
    ['help', none('invalid-command')],
    ['list\t', none('invalid-command')],
    ['follow ', none('no-arguments')],
    ['list ', none('no-arguments')],
    ['whatever ', none('no-arguments')],
    [' ', none('no-arguments')],
    ['list u2', none('unknown-command')],
    ['timeline now', none('unknown-command')],
    [' list', none('unknown-command')],
    ['post hello', none('unknown-command')],
  ])('%j', (line, command) => {
    expect(parseShellCommand(line)).toEqual(command);
  });

  test('no line whatever makes the parser throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (line) => void parseShellCommand(line)));
  });
});

describe('the words on the screen', () => {
  test('the banner begins with an empty line', () => {
    expect(`${banner}${prompt}`).toBe(
      '\n========= TINY SNS CLIENT =========\n Command Lists and Format:\n FOLLOW <username>\n UNFOLLOW <username>\n LIST\n' +
        ' TIMELINE\n=====================================\nCmd> ',
    );
  });

  test('every name of a list is followed by a comma and a space', () => {
    expect(listText(['u1', 'u2'], ['u2'])).toBe('All users: u1, u2, \nFollowers: u2, \n');
    expect(listText(['u1'], [])).toBe('All users: u1, \nFollowers: \n');
  });

  test('a post has the time as ctime writes it, and an empty line after it', () => {
    const zone = new Date(2018, 1, 1, 23, 47, 25).getTime();
    expect(postText({ author: 'u1', text: 'p22', postedAtMs: zone })).toBe(
      'u1(Thu Feb  1 23:47:25 2018) >> p22\n\n',
    );
    const midnight = new Date(2024, 11, 31, 0, 0, 5).getTime();
    expect(postText({ author: 'u1', text: 'x', postedAtMs: midnight })).toContain(
      '(Tue Dec 31 00:00:05 2024)',
    );
  });

  test.each([
    ['success', 'Command completed successfully\n'],
    ['already-exists', 'Input username already exists, command failed\n'],
    ['invalid-username', 'Command failed with invalid username\n'],
    ['invalid-command', 'Invalid Command\n'],
    ['no-arguments', 'Invalid Input -- No Arguments Given\n'],
    ['unknown-command', 'Command failed with invalid command\n'],
    ['unknown-reason', 'Command failed with unknown reason\n'],
  ] as const)('%s', (outcome, text) => {
    expect(outcomeText(outcome)).toBe(text);
  });

  test.each([
    ['follow', 'ALREADY_FOLLOWED', 'already-exists'],
    ['follow', 'FOLLOW_ONESELF', 'already-exists'],
    ['follow', 'USER_UNKNOWN', 'invalid-username'],
    ['unfollow', 'USER_UNKNOWN', 'invalid-username'],
    ['unfollow', 'UNFOLLOW_ONESELF', 'invalid-username'],
    ['unfollow', 'NOT_FOLLOWED', 'invalid-username'],
    ['follow', 'DISK_FULL', 'unknown-reason'],
    ['unfollow', 'toString', 'unknown-reason'],
    ['list', 'USER_UNKNOWN', 'unknown-reason'],
  ] as const)('%s refused for %s is "%s"', (command, reason, outcome) => {
    expect(outcomeOf(command, reason)).toBe(outcome);
  });
});

describe('a move to another master', () => {
  function screen() {
    let text = '';
    const reconnections = new Reconnections((written) => {
      text += written;
    });
    reconnections.begin(1);
    return { reconnections, shown: () => text };
  }

  test('is said at once while a command runs', () => {
    const { reconnections, shown } = screen();
    reconnections.moved('127.0.0.1:3012', 2);
    expect(shown()).toBe('Reconnecting to 127.0.0.1:3012...\n');
  });

  test('at the prompt is said with the next command, and only the last one', () => {
    const { reconnections, shown } = screen();
    reconnections.prompted();
    reconnections.moved('127.0.0.1:3012', 2);
    reconnections.moved('127.0.0.1:3011', 3);
    expect(shown()).toBe('');
    reconnections.entered();
    expect(shown()).toBe('Reconnecting to 127.0.0.1:3011...\n');
  });

  test('is said once, whoever tells it', () => {
    const { reconnections, shown } = screen();
    reconnections.moved('127.0.0.1:3012', 2);
    reconnections.moved('127.0.0.1:3012', 2);
    reconnections.moved('127.0.0.1:3011', 1);
    expect(shown()).toBe('Reconnecting to 127.0.0.1:3012...\n');
  });
});
