import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import type { Cluster } from '../src/cluster/cluster.js';
import { forAll } from '../src/cluster/for-all.js';
import type { Member } from '../src/cluster/member.js';
import { eventually, within } from '../src/eventually.js';
import { root } from '../src/places.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';

const run = new Run('foreign');
let cluster: Cluster;

forAll(run, { masters: 2, guarded: false, patient: true }, (started) => {
  cluster = started;
});

/** A gRPC client in another language, that knows nothing but what reflection tells it. */
async function bufCurl(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const command = [
    join(root, 'node_modules/.bin/buf'),
    'curl',
    '--protocol',
    'grpc',
    '--http2-prior-knowledge',
    ...args,
  ];
  const child = run.start(command, { environment: { BUF_CACHE_DIR: run.path('buf') }, folder: run.folder });
  child.endInput();
  const { code } = await within(child.exited, 20_000, 'buf curl ends');
  return { code, out: child.stdout, err: child.stderr };
}

const ownService = (member: Member): string =>
  member === cluster.router ? 'everline.router.v1.RouterService' : 'everline.sns.v1.SnsService';

describe('A foreign client', () => {
  scenario(
    'lists and describes every role by reflection, v1 and v1alpha',
    async () => {
      for (const member of [cluster.router, await cluster.available()])
        for (const reflection of ['grpc-v1', 'grpc-v1alpha']) {
          const url = `http://${member.address}`;
          const services = await bufCurl('--reflect-protocol', reflection, '--list-services', url);
          expect(services).toMatchObject({ code: 0 });
          expect(services.out.split('\n')).toEqual(
            expect.arrayContaining([ownService(member), 'grpc.health.v1.Health']),
          );
          const methods = await bufCurl('--reflect-protocol', reflection, '--list-methods', url);
          expect(methods).toMatchObject({ code: 0 });
          expect(methods.out).toContain(`${ownService(member)}/`);
        }
    },
    60_000,
    () => cluster,
  );

  scenario(
    'asks the router, logs in, posts and reads what it posted',
    async () => {
      const router = `http://${cluster.router.address}/everline.router.v1.RouterService`;
      const available = await bufCurl('-d', '{}', `${router}/GetAvailable`);
      expect(available).toMatchObject({ code: 0 });
      const { address } = JSON.parse(available.out) as { address: string };
      const sns = `http://${address}/everline.sns.v1.SnsService`;
      expect(await bufCurl('-d', '{"username":"gopher"}', `${sns}/Login`)).toMatchObject({ code: 0 });
      const post = { username: 'gopher', postId: '7b1d2b0e-8a43-4c1b-9a26-0d7a2d7b4c11', text: 'from Go' };
      expect(await bufCurl('-d', JSON.stringify(post), `${sns}/Post`)).toMatchObject({ code: 0 });
      const read = await bufCurl('-d', '{"username":"gopher","includeOwn":true}', `${sns}/ReadTimeline`);
      expect(read.out).toContain('from Go');
    },
    60_000,
    () => cluster,
  );

  scenario(
    'is refused by a standby with the address to go to, readable as google.rpc.ErrorInfo',
    async () => {
      const [standby] = await cluster.standbys();
      const url = `http://${standby?.address}/everline.sns.v1.SnsService/List`;
      const refused = await bufCurl('-d', '{"username":"gopher"}', url);
      expect(refused.code).not.toBe(0);
      expect(refused.err).toContain('unavailable');
    },
    30_000,
    () => cluster,
  );

  scenario(
    'gets health by service: SERVING at the available master, NOT_SERVING at a standby, and the other way round after a switchover',
    async () => {
      const health = async ({ address }: Member): Promise<string> => {
        const url = `http://${address}/grpc.health.v1.Health/Check`;
        const { out, err } = await bufCurl('-d', '{"service":"everline.sns.v1.SnsService"}', url);
        return /SERVING|NOT_SERVING/.exec(out.replace(/.*"(\w+)".*/s, '$1'))?.input ?? `${out}${err}`;
      };
      for (let time = 0; time < 2; time += 1) {
        const available = await cluster.available();
        const [standby] = await cluster.standbys();
        if (standby === undefined) throw new Error('no standby');
        await eventually(
          async () => (await health(available)) === 'SERVING',
          30_000,
          'the available one serves',
        );
        expect(await health(standby)).toBe('NOT_SERVING');
        await cluster.switchover();
      }
    },
    60_000,
    () => cluster,
  );
});
