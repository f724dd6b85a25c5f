import { beforeAll, describe, expect } from '@jest/globals';
import { textsOf } from '../src/clients/ask.js';
import { Cluster } from '../src/cluster/cluster.js';
import { endAfterAll } from '../src/cluster/for-all.js';
import { eventually } from '../src/eventually.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';
import type { Csce438Message } from '../src/wire/messages.js';
import { Peer } from '../src/wire/peer.js';

const run = new Run('csce438');
let cluster: Cluster;
let peer: Peer;

beforeAll(async () => {
  cluster = await Cluster.start(run, { masters: 2, patient: true, guarded: false });
  peer = new Peer((await cluster.getAvailable()).address);
}, 90_000);

endAfterAll(run, () => {
  peer?.close();
  cluster?.close();
});

type Rpc = 'Login' | 'Follow' | 'UnFollow';

async function say(rpc: Rpc, username: string, ...args: string[]): Promise<string> {
  const request = { username, arguments: args };
  return (await peer.call(`csce438.SNSService/${rpc}`, request)).msg;
}

describe('A client of the original interface', () => {
  scenario(
    'logs in, follows and leaves, and gets the original’s words',
    async () => {
      expect(await say('Login', 'c1')).toBe('Login Successful!');
      expect(await say('Login', 'c2')).toBe('Login Successful!');
      expect(await say('Follow', 'c1', 'c2')).toBe('Follow Successful');
      expect(await say('Follow', 'c1', 'c2')).toBe('Follow Failed -- Already Following User');
      expect(await say('Follow', 'c1', 'nobody')).toBe('Follow Failed -- Invalid Username');
      expect(await say('UnFollow', 'c2', 'c1')).toBe('UnFollow Failed -- Not Following User');
      expect(await say('UnFollow', 'c1', 'nobody')).toBe('UnFollow Failed -- Invalid Username');
      const list = await peer.call('csce438.SNSService/List', { username: 'c2' });
      expect(list).toMatchObject({ allUsers: ['c1', 'c2'], followers: ['c1'] });
      const { users } = await peer.call('csce438.SNSService/GetFollowerInfo', { username: 'c1' });
      expect(Object.keys(users).sort()).toEqual(['c1', 'c2']);
      expect(users.c2).toContain('c1');
      expect(await say('UnFollow', 'c1', 'c2')).toBe('UnFollow Successful');
    },
    30_000,
    () => cluster,
  );

  scenario(
    'posts and reads a timeline: `Set Stream` is no post the first time, and one every other time',
    async () => {
      for (const user of ['t1', 't2']) await say('Login', user);
      await say('Follow', 't2', 't1');
      const taken: Csce438Message[] = [];
      const [one, two] = ['t1', 't2'].map((username) => {
        const stream = peer.stream('csce438.SNSService/Timeline');
        stream.write({ username, msg: 'Set Stream' });
        return stream;
      });
      two?.onMessage((message) => taken.push(message));
      for (const msg of ['first\n', 'Set Stream', 'third']) one?.write({ username: 't1', msg });
      await eventually(() => taken.length >= 3, 30_000, 'three posts have come');
      expect(taken.map(({ username }) => username)).toEqual(['t1', 't1', 't1']);
      expect(taken.map(({ msg }) => msg.trim())).toEqual(['first', 'Set Stream', 'third']);
      expect(Math.abs((taken[0]?.timestamp?.seconds ?? 0) * 1_000 - Date.now())).toBeLessThan(60_000);
      expect((await textsOf(cluster, 't1')).map((text) => text.trim())).toEqual([
        'first',
        'Set Stream',
        'third',
      ]);
      one?.cancel();
      two?.cancel();
    },
    30_000,
    () => cluster,
  );

  scenario(
    'finds what people of the other interface did, and a failover ends its stream so that it can ask the router',
    async () => {
      expect(await say('Login', 't1')).toBe('Welcome Back t1');
      const stream = peer.stream('csce438.SNSService/Timeline');
      const taken: Csce438Message[] = [];
      stream.onMessage((message) => taken.push(message));
      stream.write({ username: 't2', msg: 'Set Stream' });
      await eventually(() => taken.length >= 3, 30_000, 'the last posts have come');
      const before = await cluster.describe();
      const master = await cluster.available();
      await master.kill();
      expect((await stream.over)?.codeName).toBe('UNAVAILABLE');
      master.start();
      peer.close();
      peer = new Peer((await cluster.untilMoved(before.epoch)).address);
      await eventually(
        async () => (await say('Login', 't1')) === 'Welcome Back t1',
        20_000,
        'the next master serves',
      );
      await cluster.untilRedundant(before);
    },
    30_000,
    () => cluster,
  );
});
