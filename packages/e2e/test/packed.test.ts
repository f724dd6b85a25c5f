import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect } from '@jest/globals';
import { endAfterAll } from '../src/cluster/for-all.js';
import { within } from '../src/eventually.js';
import { root } from '../src/places.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';

const run = new Run('packed');

endAfterAll(run);

async function ran(command: readonly string[], folder: string, deadlineMs: number): Promise<string> {
  const child = run.start(command, { folder, environment: { TMPDIR: run.path('tmp') } });
  child.endInput();
  const { code } = await within(child.exited, deadlineMs, `${command.join(' ')} ends`);
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${child.stderr}${child.stdout}`);
  return child.stdout + child.stderr;
}

/** Every package that is not private, by folder. */
function published(): string[] {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((folder) => {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        private?: boolean;
      };
      return manifest.private !== true;
    });
}

describe('The published packages', () => {
  scenario(
    'packed, and installed with npm into an empty folder, run `everline demo`',
    async () => {
      for (const folder of ['tarballs', 'empty', 'tmp']) mkdirSync(run.path(folder));
      const folders = published();
      expect(folders).toHaveLength(9);
      const filters = folders.flatMap((folder) => ['--filter', `./${relative(root, folder)}`]);
      await ran(
        ['pnpm', '-r', ...filters, 'pack', '--pack-destination', run.path('tarballs')],
        root,
        120_000,
      );
      const tarballs = readdirSync(run.path('tarballs')).map((file) => run.path('tarballs', file));
      writeFileSync(run.path('empty', 'package.json'), '{"name":"empty","private":true}\n');
      await ran(
        ['npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts', ...tarballs],
        run.path('empty'),
        180_000,
      );
      const everline = run.path('empty', 'node_modules/.bin/everline');
      expect(await ran([everline, '--version'], run.path('empty'), 10_000)).toMatch(/\d+\.\d+\.\d+/);
      expect(await ran([everline, 'demo'], run.path('empty'), 90_000)).toContain('0 lost · 0 doubled');
    },
    400_000,
  );
});
