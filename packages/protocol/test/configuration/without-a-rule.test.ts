// Every rule is taken away in turn, by changing the one line that keeps it, and the loss must be found: by a story that goes
// another way, or by a random one that the oracle condemns. The module's own assertions are switched off for this.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { live, move } from './chance.js';
import { play } from './play.js';
import { type Removal, removals } from './removals.js';
import { type Router, Scene } from './scene.js';
import { stories } from './stories.js';

const compiled = fileURLToPath(new URL('../../src/configuration/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'everline-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

for (const removal of removals) {
  test(`without “${removal.rule}” something breaks`, async () => {
    const router = await without(removal);
    expect(storyGoesAnotherWay(router) ?? chanceFinds(router)).toBeDefined();
  });
}

async function without({ rule, file, line, instead }: Removal): Promise<Router> {
  const copy = join(folder, rule.replaceAll(/\W+/g, '-'));
  cpSync(compiled, copy, { recursive: true });
  writeFileSync(join(copy, 'package.json'), '{"type":"module"}');
  change(join(copy, `${file}.js`), line, instead);
  change(join(copy, 'lawful.js'), 'if (!holds)', 'if (false)');
  return (await import(pathToFileURL(join(copy, 'index.js')).href)) as Router;
}

function change(path: string, line: string, instead: string): void {
  const source = readFileSync(path, 'utf8');
  expect(source.split(line)).toHaveLength(2);
  writeFileSync(path, source.replace(line, instead));
}

function storyGoesAnotherWay(router: Router): string | undefined {
  return stories().find(({ told }) => play(told, router) !== told)?.file;
}

function chanceFinds(router: Router): string | undefined {
  const moves = fc.array(move, { minLength: 20, maxLength: 60 });
  return fc
    .sample(moves, { numRuns: 300, seed: 1 })
    .map((story) => live(story, new Scene({ minInSync: 2 }, router)))
    .find((broken) => broken !== undefined);
}
