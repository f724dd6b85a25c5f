import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const compiled = fileURLToPath(new URL('../src', import.meta.url));
const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  exports: Record<string, { default: string } | string>;
};

/** The packages that an entry loads, by its static imports; what it may load later is none of its start. */
function packagesOf(entry: string): Set<string> {
  const packages = new Set<string>();
  const files = new Set([resolve(compiled, entry)]);
  for (const file of files) {
    const source = readFileSync(file, 'utf8');
    for (const [, name = ''] of source.matchAll(
      /^(?:import|export)\s[^;]*?from '([^']+)'|^import '([^']+)'/gm,
    )) {
      if (name.startsWith('.')) files.add(resolve(dirname(file), name));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  }
  return packages;
}

test.each([
  ['clock', []],
  ['random', []],
  ['backoff', []],
  ['lifecycle', []],
  ['control/index', []],
  ['config/index', ['commander']],
])('%s loads no packages but %j, so that a tiny process can stand on it', (entry, allowed) => {
  expect([...packagesOf(`${entry}.js`)]).toEqual(allowed);
});

test('the whole loads what it needs, and no metrics before somebody asks', () => {
  expect([...packagesOf('index.js')].sort()).toEqual([
    '@bufbuild/protobuf/wire',
    '@grpc/grpc-js',
    'commander',
    'pino',
  ]);
});

test('every entry that is exported is there', () => {
  for (const target of Object.values(manifest.exports)) {
    if (typeof target === 'string') continue;
    expect(() => readFileSync(new URL(`../../${target.default}`, import.meta.url))).not.toThrow();
  }
});
