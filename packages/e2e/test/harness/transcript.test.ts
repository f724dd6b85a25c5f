import { describe, expect, test } from '@jest/globals';
import { parseTranscript } from '../../src/transcript/parse.js';
import { sheetOf } from '../../src/transcript/residents.js';

const sheet = `Two people

Fresh data.

operator | u1            | u2
---------+---------------+------
         | Cmd> list     | hello
         | Followers:␣   |
---------+---------------+------
act      |               | ¶
`;

describe('A transcript', () => {
  test('is read as columns and steps; empty cells are nothing', () => {
    expect(parseTranscript(sheet)).toEqual({
      title: 'Two people',
      columns: ['operator', 'u1', 'u2'],
      steps: [
        { line: 7, cells: [[], ['Cmd> list', 'Followers:␣'], ['hello']] },
        { line: 10, cells: [['act'], [], ['¶']] },
      ],
      acts: ['act'],
    });
  });

  test('that is played after others has people of its own, and lists those of the others, too', () => {
    const after = parseTranscript(sheet.replace('hello', 'All users: u1, u2,␣'));
    expect(sheetOf(after, [parseTranscript(sheet)]).steps[0]?.cells).toEqual([
      [],
      ['Cmd> list', 'Followers:␣'],
      ['All users: au1, au2, bu1, bu2,␣'],
    ]);
  });
});
