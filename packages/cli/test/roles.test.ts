import { expect, test } from '@jest/globals';
import { roleIn } from '../src/roles.js';

test.each([
  [['master', '--data', 'd'], { role: 'master', argv: ['--data', 'd'] }],
  [['router', '--help'], { role: 'router', argv: ['--help'] }],
  [['router', 'recover', '--data', 'd'], { role: 'router', argv: ['--recover', '--data', 'd'] }],
  [['watchdog', '--', 'everline', 'master'], { role: 'watchdog', argv: ['--', 'everline', 'master'] }],
  [['watchdog', 'recover'], { role: 'watchdog', argv: ['recover'] }],
  [['help', 'master'], { role: 'master', argv: ['--help'] }],
  [['help', 'post'], undefined],
  [['post', 'master'], undefined],
  [['--json', 'master'], undefined],
  [[], undefined],
])('%j', (argv, run) => {
  expect(roleIn(argv)).toEqual(run);
});
