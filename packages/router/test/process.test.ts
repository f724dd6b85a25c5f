import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { callUnary, openChannel } from '@everline/chassis';
import { RouterServiceClient, type WatchAvailableResponse } from '@everline/contracts';
import type { ServiceError } from '@grpc/grpc-js';
import { afterEach, expect, test } from '@jest/globals';

const main = fileURLToPath(new URL('../src/main.js', import.meta.url));
const folders: string[] = [];
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: string | null; stderr: string }>;
  /** The port, when it serves. */
  readonly port: Promise<number>;
}

function dataFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'everline-router-process-'));
  folders.push(made);
  return made;
}

function run(...args: readonly string[]): Run {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  running.add(child);
  let stderr = '';
  const ended = new Promise<Awaited<Run['ended']>>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal, stderr });
    });
  });
  const port = new Promise<number>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      const serves = /"port":(\d+),.*"message":"serves"/.exec(stderr);
      if (serves !== null) resolve(Number(serves[1]));
    });
    void ended.then(() => reject(new Error(stderr)));
  });
  port.catch(() => {});
  return { child, ended, port };
}

const onAnyPort = ['--listen', '127.0.0.1:0'];

test('SIGTERM ends the streams with a reason and the process with 0', async () => {
  const { child, ended, port } = run('--data', dataFolder(), ...onAnyPort);
  using channel = openChannel(`127.0.0.1:${await port}`);
  const stream = channel.client(RouterServiceClient).watchAvailable({});
  await new Promise<WatchAvailableResponse>((resolve) => void stream.once('data', resolve));
  const over = new Promise<ServiceError>((resolve) => void stream.on('error', resolve));
  child.kill('SIGTERM');
  expect(await over).toMatchObject({ code: 14, details: 'this process is ending' });
  expect(await ended).toMatchObject({ code: 0, signal: null });
});

test('a second copy on the same directory ends with 75 and names the first', async () => {
  const folder = dataFolder();
  const first = run('--data', folder, ...onAnyPort);
  await first.port;
  const second = await run('--data', folder, ...onAnyPort).ended;
  expect(second.code).toBe(75);
  expect(second.stderr).toContain(`pid ${first.child.pid}`);
});

test('what was decided survives kill -9 at any moment', async () => {
  const folder = dataFolder();
  const first = run('--data', folder, ...onAnyPort);
  using channel = openChannel(`127.0.0.1:${await first.port}`);
  const client = channel.client(RouterServiceClient);
  const request = {
    ...{ masterId: 'a', address: '127.0.0.1:4000', clusterId: '', incarnation: 'a-1', software: '' },
    ...{ version: 0n, lastSeq: 0n, lastEpoch: 0n, committedSeq: 0n, epoch: 0n, configuration: undefined },
  };
  const { clusterId } = await callUnary(client.addMaster.bind(client), request, { deadlineMs: 5_000 });
  first.child.kill('SIGKILL');
  await first.ended;
  const second = run('--data', folder, ...onAnyPort);
  using again = openChannel(`127.0.0.1:${await second.port}`);
  const described = again.client(RouterServiceClient);
  const cluster = await callUnary(described.describeCluster.bind(described), {}, { deadlineMs: 5_000 });
  expect(cluster).toMatchObject({ clusterId, epoch: 1n, version: 1n });
});

test('a damaged state file ends it with 78, naming the file and the remedy', async () => {
  const folder = dataFolder();
  const first = run('--data', folder, ...onAnyPort);
  await first.port;
  first.child.kill('SIGKILL');
  await first.ended;
  const file = join(folder, 'state');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('reigns', 'reignz'));
  const second = await run('--data', folder, ...onAnyPort).ended;
  expect(second.code).toBe(78);
  expect(second.stderr.trim().split('\n')).toEqual([expect.stringContaining(`${file} is damaged`)]);
  expect(second.stderr).toContain('--recover');
});

test.each([
  [['--listen', '127.0.0.1:0'], 78, '--data'],
  [['--data', '/proc/nowhere', '--listen', '127.0.0.1:0'], 78, '/proc/nowhere'],
  [['--data', main, '--listen', '127.0.0.1:0'], 78, main],
  [['--data', 'x', '--listen', 'nowhere'], 78, '--listen'],
  [['--data', 'x', '--suspicion-ms', '100'], 78, 'three times'],
  [['--data', 'x', '--min-in-sync', '0'], 78, '--min-in-sync'],
  [['--data', 'x', '--unknown'], 78, '--unknown'],
])('started with %p it ends with %i and one sentence that names what is wrong', async (args, code, named) => {
  const { stderr, ...outcome } = await run(...args).ended;
  expect(outcome.code).toBe(code);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(named);
});

test('a port that is taken is named', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const port = typeof bound === 'object' ? bound?.port : undefined;
  const { code, stderr } = await run('--data', dataFolder(), '--listen', `127.0.0.1:${port}`).ended;
  server.close();
  expect(code).toBe(75);
  expect(stderr).toContain(`127.0.0.1:${port}`);
});
