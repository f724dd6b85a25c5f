import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@everline/chassis/clock';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { readDescriptor, writeDescriptor } from '../src/cluster/descriptor.js';
import { endHolder, holderOf } from '../src/cluster/holders.js';
import { planCluster, rolesOf } from '../src/cluster/plan.js';
import { freePorts, portState } from '../src/cluster/ports.js';
import { checkFolder, preflight } from '../src/cluster/preflight.js';
import { mastersIn } from '../src/cluster/running.js';
import { invocation } from '../src/invocation.js';

// The machine may be busy.
jest.setTimeout(60_000);

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'everline-cluster-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const wish = { dataDir: '/d', host: '127.0.0.1', minInSync: 1, routerPort: 3010, masterPorts: [3011, 3012] };

describe('the plan', () => {
  test('gives every role its address, its folder, and its watchdogs’ folder', () => {
    const plan = planCluster(wish);
    expect(rolesOf(plan).map(({ name, address }) => `${name} ${address}`)).toEqual([
      'router 127.0.0.1:3010',
      'master-1 127.0.0.1:3011',
      'master-2 127.0.0.1:3012',
    ]);
    expect(plan.masters[1]).toMatchObject({
      dataDir: '/d/master-2',
      watchdogDir: '/d/watchdog/master-2',
      argv: ['--listen', '127.0.0.1:3012', '--data', '/d/master-2', '--router', '127.0.0.1:3010'],
    });
    expect(plan.router.argv).toEqual([
      '--listen',
      '127.0.0.1:3010',
      '--data',
      '/d/router',
      '--min-in-sync',
      '1',
    ]);
  });

  test('an IPv6 host gets its brackets', () => {
    expect(planCluster({ ...wish, host: '::1' }).router.address).toBe('[::1]:3010');
  });

  test('is kept, and what is no plan is as good as none', () => {
    writeDescriptor({ ...wish, dataDir: folder });
    expect(readDescriptor(folder)).toEqual({ ...wish, dataDir: folder });
    for (const text of ['', '{}', '[]', '{"host":"h","minInSync":1,"routerPort":70000,"masterPorts":[]}']) {
      writeFileSync(join(folder, 'cluster.json'), text);
      expect(readDescriptor(folder)).toBeUndefined();
    }
  });

  test('masters that were here before are counted', () => {
    for (const name of ['master-1', 'master-2', 'master-3', 'router', 'watchdog'])
      mkdirSync(join(folder, name));
    expect(mastersIn(folder)).toBe(3);
    expect(mastersIn(join(folder, 'none'))).toBe(0);
  });
});

describe('what can be known before the start', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
  });
  const usedPort = (): number => (server.address() as { port: number }).port;

  test('a port in use is named, with whom it is for', async () => {
    const { masters } = planCluster({ ...wish, masterPorts: [usedPort()] });
    await expect(preflight(masters)).rejects.toMatchObject({
      exitCode: 1,
      message: `127.0.0.1:${usedPort()} (for master-1) is in use by another program: try another --port`,
    });
  });

  test('an address of another machine is refused', async () => {
    const { router } = planCluster({ ...wish, host: '203.0.113.1' });
    await expect(preflight([router])).rejects.toThrow('203.0.113.1 is no address of this machine');
  });

  test('free ports are free, and no two are the same', async () => {
    const ports = await freePorts('127.0.0.1', 5);
    expect(new Set(ports).size).toBe(5);
    expect(await Promise.all(ports.map((port) => portState('127.0.0.1', port)))).toEqual(
      Array(5).fill('free'),
    );
    expect(await portState('127.0.0.1', usedPort())).toBe('in-use');
  });

  test('a folder is made and tried, and the trial leaves nothing behind', () => {
    checkFolder(join(folder, 'a', 'b'));
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual([]);
  });

  test('a file in the way of the folder is one clear line', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => checkFolder(join(folder, 'file'))).toThrow(/cannot be made: a file stands in its way/);
    expect(() => checkFolder(join(folder, 'file', 'x'))).toThrow(/cannot be made: a file stands in its way/);
  });

  test('a folder that cannot be written is one clear line', () => {
    expect(() => checkFolder('/proc/everline')).toThrow(/^the data folder \/proc\/everline /);
  });
});

/** A process that holds the folder's control socket; `stubborn` ignores that it is asked to end. */
async function holder(kind: 'obedient' | 'stubborn'): Promise<ChildProcess> {
  const control = import.meta.url.replace(/\/packages\/.*/, '/packages/chassis/dist/src/');
  const program = `
    import { openControl } from '${control}control/index.js';
    import { systemClock } from '${control}clock.js';
    await openControl({ dataDir: ${JSON.stringify(folder)}, kind: 'test', identity: { instance: 'i' }, clock: systemClock,
      onStop: () => { if ('${kind}' === 'obedient') process.exit(0); } });
    console.log('held');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout ?? child, 'data');
  return child;
}

describe('who holds a folder', () => {
  test('nobody is nobody, and ending nobody is no fault', async () => {
    expect(await holderOf(folder, systemClock)).toBeUndefined();
    expect(await endHolder(folder, systemClock, 1_000)).toBe('none');
  });

  test('is known by its process, and ends when it is asked', async () => {
    const child = await holder('obedient');
    expect(await holderOf(folder, systemClock)).toMatchObject({ pid: child.pid });
    expect(await endHolder(folder, systemClock, 5_000)).toBe('ended');
    expect(await holderOf(folder, systemClock)).toBeUndefined();
  });

  test('is killed when it does not obey within the grace', async () => {
    await holder('stubborn');
    expect(await endHolder(folder, systemClock, 100)).toBe('killed');
  });

  test('is killed when it is frozen', async () => {
    const child = await holder('obedient');
    child.kill('SIGSTOP');
    expect(await endHolder(folder, systemClock, 100)).toBe('killed');
  });
});

describe('how this person calls everline', () => {
  const withBin = (): void => {
    mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
    writeFileSync(join(folder, 'node_modules', '.bin', 'everline'), '');
  };

  test('by its name when it is on the PATH', () => {
    writeFileSync(join(folder, 'everline'), '');
    expect(invocation({ PATH: `/nowhere:${folder}` }, folder, '/m.js')).toBe('everline');
  });

  test('through npx in a project, also when a script runner has lent its PATH', () => {
    withBin();
    const lent = { PATH: join(folder, 'node_modules', '.bin'), npm_lifecycle_event: 'start' };
    expect(invocation(lent, folder, '/m.js')).toBe('npx everline');
    expect(invocation({}, folder, '/m.js')).toBe('npx everline');
  });

  test('by its file otherwise', () => {
    expect(invocation({ PATH: '' }, folder, '/m.js')).toBe('node /m.js');
  });
});
