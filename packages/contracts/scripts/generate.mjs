// Writes src/gen: the stubs, and the descriptor image that reflection serves. Needs no network.
// Files that come out as they were are left alone, so that two builds at once do not pull the ground from under each other.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const contracts = join(dirname(fileURLToPath(import.meta.url)), '..');
const root = join(contracts, '../..');
const gen = join(contracts, 'src/gen');
const made = mkdtempSync(join(tmpdir(), 'everline-contracts-'));

try {
  buf('generate', '--output', made);
  const image = buf('build', '--as-file-descriptor-set', '--exclude-source-info', '-o', '-#format=binpb');
  writeFileSync(join(made, 'image.ts'), imageModule(image));
  const wanted = filesIn(made);
  for (const file of filesIn(gen)) {
    if (!wanted.includes(file)) rmSync(join(gen, file));
  }
  for (const file of wanted) put(join(gen, file), readFileSync(join(made, file)));
} finally {
  rmSync(made, { recursive: true, force: true });
}

function buf(...args) {
  return execFileSync(join(contracts, 'node_modules/.bin/buf'), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** A module rather than a binary file: it is compiled, packed and bundled with no path to resolve. */
function imageModule(image) {
  return `/** A google.protobuf.FileDescriptorSet of all of proto/ and of what it imports. */
export const fileDescriptorSet: Buffer = Buffer.from('${image.toString('base64')}', 'base64');
`;
}

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.ts'));
}

function put(file, content) {
  if (existsSync(file) && readFileSync(file).equals(content)) return;
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.${process.pid}`;
  writeFileSync(part, content);
  renameSync(part, file);
}
