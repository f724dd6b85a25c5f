import { readFileSync } from 'node:fs';
import { status } from '@grpc/grpc-js';
import { expect, test } from '@jest/globals';
import { REASONS } from '../src/index.js';

const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');

test('docs/errors.md lists every reason with its code, whether to try again, and its sentence', () => {
  const rows = Object.entries(REASONS).map(
    ([name, { code, retryable, text }]) =>
      `| \`${name}\` | ${status[code]} | ${retryable ? 'yes' : 'no'} | ${text} |`,
  );
  const table = page.split('\n').filter((line) => line.startsWith('| `'));
  expect(table).toEqual(rows);
});
