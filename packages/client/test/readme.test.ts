import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { World } from './support/world.js';

let world: World;
beforeEach(async () => {
  world = await World.start();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

test('the example of the README runs', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const example = /```js\n(.*?)```/s.exec(readme)?.[1] ?? '';
  // `await using` is not in every Node that this runs on.
  const source = example
    .replace('127.0.0.1:3010', world.router.address)
    .replace('await using client', 'const client')
    .concat('await client.close();\n');
  // In dist, where the package knows itself by its name.
  const file = fileURLToPath(new URL('./readme-example.mjs', import.meta.url));
  writeFileSync(file, source);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { timeout: 20_000 });
  expect(stderr).toBe('');
  expect(stdout.split('\n')).toEqual([
    'post 1 is on 2 disks',
    'one',
    'two',
    'three',
    'ada: hello, world',
    'ada: one',
    'ada: two',
    'ada: three',
    '',
  ]);
});
