import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A gRPC client in Go, made by others. */
const program = join(
  dirname(createRequire(import.meta.url).resolve('@bufbuild/buf/package.json')),
  'bin/buf',
);
/** Where echo.proto is: beside the sources, not beside what was compiled. */
const protos = fileURLToPath(new URL('../../../test/rpc', import.meta.url));

export interface Output {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

export function buf(...args: readonly string[]): Promise<Output> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: tmpdir() }, (error, out, err) =>
      resolve({ code: error === null ? 0 : (error.code ?? 'killed'), out, err }),
    );
  });
}

export function bufCurl(address: string, ...args: readonly string[]): Promise<Output> {
  const target = args.at(-1) ?? '';
  const flags = args.slice(0, -1);
  return buf('curl', '--protocol', 'grpc', '--http2-prior-knowledge', ...flags, `http://${address}${target}`);
}

/** The descriptor image of echo.proto, as the build makes it for the contract. */
export function echoImage(): Promise<Uint8Array> {
  return inFolder(async (path) => {
    const image = path('image.binpb');
    await succeed('build', protos, '--as-file-descriptor-set', '-o', image);
    return readFileSync(image);
  });
}

/** What the bytes of a message mean as JSON, by an image that describes it. */
export function convert(image: Uint8Array, type: string, bytes: Uint8Array): Promise<unknown> {
  return inFolder(async (path) => {
    writeFileSync(path('image.binpb'), image);
    writeFileSync(path('message.binpb'), bytes);
    const out = await succeed(
      'convert',
      path('image.binpb'),
      '--type',
      type,
      '--from',
      path('message.binpb'),
    );
    return JSON.parse(out);
  });
}

async function succeed(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await buf(...args);
  if (code !== 0) throw new Error(err);
  return out;
}

async function inFolder<T>(work: (path: (name: string) => string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'chassis-'));
  try {
    return await work((name) => join(folder, name));
  } finally {
    await rm(folder, { recursive: true });
  }
}
