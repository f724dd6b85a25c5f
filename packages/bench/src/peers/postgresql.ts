// PostgreSQL with one synchronous standby, of the machine's own package: every record flushed on both before it is acknowledged.
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Child, type RunAs } from '../cluster/child.js';
import { freePorts } from '../cluster/ports.js';
import { eventually } from '../eventually.js';
import { ratesOf } from '../load/rates.js';
import { someText } from '../load/text.js';
import type { Bench } from '../subject.js';

/** Where Debian's packages lie, the newest last. */
const home = '/usr/lib/postgresql';
const user = 'bench';
const readyMs = 30_000;

/** Undefined where it is not installed. */
export function postgresqlPrograms(): string | undefined {
  if (!existsSync(home)) return undefined;
  const newest = readdirSync(home).sort((a, b) => Number(a) - Number(b));
  const folders = newest.map((version) => join(home, version, 'bin'));
  return folders.findLast((folder) => existsSync(join(folder, 'postgres')));
}

/** Records a second, a value a round, of so many writers with a connection each. */
export async function postgresqlRates(
  bench: Bench,
  programs: string,
  writers: number,
  rounds: number,
): Promise<readonly number[]> {
  const as = runAs();
  const folder = mkdtempSync(join(tmpdir(), 'everline-bench-postgresql-'));
  try {
    if (as !== undefined) chownSync(folder, as.uid, as.gid);
    await using pair = await Pair.start(bench, { programs, folder, as });
    return await pair.rates(writers, rounds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly programs: string;
  readonly folder: string;
  readonly as: RunAs | undefined;
}

/** It refuses to run as root; its package made a user for it. */
function runAs(): RunAs | undefined {
  if (userInfo().uid !== 0) return undefined;
  const id = (what: string): number => Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

class Pair implements AsyncDisposable {
  readonly #bench: Bench;
  readonly #port: number;
  readonly #servers: readonly Child[];

  private constructor(bench: Bench, port: number, servers: readonly Child[]) {
    this.#bench = bench;
    this.#port = port;
    this.#servers = servers;
  }

  static async start(bench: Bench, place: Place): Promise<Pair> {
    const { programs, folder, as } = place;
    const [first = 0, second = 0] = await freePorts(2, bench.random);
    const prepare = (program: string, args: readonly string[]): void => {
      execFileSync(join(programs, program), [...args], { cwd: folder, stdio: 'ignore', ...as });
    };
    const primary = join(folder, 'primary');
    prepare('initdb', ['-D', primary, '-U', user, '-A', 'trust', '-E', 'UTF8', '--locale=C']);
    const servers = [server(place, primary, first)];
    const pair = new Pair(bench, first, servers);
    try {
      await pair.#until('the primary answers', (client) => client.query('SELECT 1').then(() => true));
      const standby = join(folder, 'standby');
      prepare('pg_basebackup', ['-D', standby, '-h', '127.0.0.1', '-p', String(first), '-U', user, '-R']);
      servers.push(server(place, standby, second));
      await pair.#until('the standby is synchronous', async (client) => {
        const { rows } = await client.query('SELECT sync_state FROM pg_stat_replication');
        return rows[0]?.sync_state === 'sync' ? true : undefined;
      });
      return pair;
    } catch (error) {
      await pair[Symbol.asyncDispose]();
      throw error;
    }
  }

  async rates(writers: number, rounds: number): Promise<readonly number[]> {
    const free = await Promise.all(Array.from({ length: writers }, () => this.#connect()));
    const all = [...free];
    try {
      await all[0]?.query('CREATE TABLE record (number bigint PRIMARY KEY, body text)');
      let number = 0;
      const insert = async (): Promise<void> => {
        const client = free.pop() as pg.Client;
        const values = [++number, someText];
        await client.query({ name: 'insert', text: 'INSERT INTO record VALUES ($1, $2)', values });
        free.push(client);
      };
      return await ratesOf(this.#bench, writers, rounds, insert);
    } finally {
      await Promise.all(all.map((client) => client.end()));
    }
  }

  /** The standby first: the primary waits until it has everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of [...this.#servers].reverse()) await child.stop(this.#bench.clock);
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ host: '127.0.0.1', port: this.#port, user, database: 'postgres' });
    await client.connect();
    return client;
  }

  async #until(what: string, look: (client: pg.Client) => Promise<true | undefined>): Promise<void> {
    const { clock, stop } = this.#bench;
    const once = async (): Promise<true | undefined> => {
      const client = await this.#connect();
      return await look(client).finally(() => client.end());
    };
    await eventually(once, { clock, stop, deadlineMs: readyMs, what });
  }
}

/** fsync and synchronous_commit are on by default. */
function server({ programs, folder, as }: Place, data: string, port: number): Child {
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    synchronous_standby_names: '*',
  };
  const set = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return new Child(['-D', data, ...set], `${data}.log`, {}, { program: join(programs, 'postgres'), as });
}
