import { describe, expect, test } from '@jest/globals';
import { parseTranscript } from '../../src/transcript/parse.js';

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
});
