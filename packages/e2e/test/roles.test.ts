import { readFileSync } from 'node:fs';
import { describe, expect } from '@jest/globals';
import { Crowd } from '../src/clients/crowd.js';
import { ending } from '../src/clients/ending.js';
import type { Cluster } from '../src/cluster/cluster.js';
import { forAll } from '../src/cluster/for-all.js';
import { within } from '../src/eventually.js';
import { freePorts } from '../src/processes/ports.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';
import { everline } from '../src/terminal/everline.js';
import { sendGarbage } from '../src/wire/raw.js';

const run = new Run('roles');
let cluster: Cluster;

forAll(run, { masters: 2, guarded: false, patient: true }, (started) => {
  cluster = started;
});

describe('Every role', () => {
  scenario(
    'refuses a second copy on its data directory with 75 and names the first',
    async () => {
      for (const member of cluster.members) {
        const { role } = member.plan;
        const router = role === 'master' ? ['--router', cluster.router.address] : [];
        const args = [role, '--listen', '127.0.0.1:0', '--data', member.dataDir, ...router];
        const { code, stderr } = await everline(run, args);
        expect({ role, code, stderr }).toMatchObject({ code: 75 });
        expect(stderr).toContain(String(member.process().pid));
      }
    },
    30_000,
    () => cluster,
  );

  scenario(
    'serves Prometheus metrics on a port of its own when it is asked to, and survives garbage there',
    async () => {
      const [port = 0] = await freePorts(1);
      const [standby] = await cluster.standbys();
      if (standby === undefined) throw new Error('no standby');
      for (const member of [standby, cluster.router]) {
        const entry = member.signal('SIGTERM');
        await member.untilGone(entry);
        const child = member.start(['--metrics', `127.0.0.1:${port}`]);
        await cluster.untilRedundant();
        await sendGarbage(`127.0.0.1:${port}`, Buffer.alloc(10_000, 0xff));
        const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
        expect(answer.status).toBe(200);
        expect(await answer.text()).toMatch(/^# HELP everline_\w+ /m);
        child.signal('SIGTERM');
        expect(await within(child.exited, 30_000, `${member.name} ends`)).toEqual({ code: 0, signal: null });
        member.start();
        await cluster.untilRedundant();
      }
    },
    60_000,
    () => cluster,
  );

  scenario(
    'ends with 0 on SIGTERM while people post, and logs one JSON object a line from its first word to its last',
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 8, readers: 12, prefix: 'json-' });
      crowd.startPosting({ everyMs: 20 });
      for (const member of [...(await cluster.standbys()), await cluster.available(), cluster.router]) {
        await crowd.untilAcknowledged(40);
        const { started } = member;
        if (started === undefined) throw new Error(`${member.name} was not started`);
        started.signal('SIGTERM');
        expect(await within(started.exited, 15_000, `${member.name} ends`)).toEqual({
          code: 0,
          signal: null,
        });
        member.start();
        await cluster.untilRedundant();
      }
      await crowd.untilAcknowledged(40);
      await ending(crowd);
      for (const { name, logFile } of cluster.members)
        for (const line of readFileSync(logFile, 'utf8').trimEnd().split('\n'))
          expect({ name, line, json: isLogLine(line) }).toMatchObject({ json: true });
    },
    90_000,
    () => cluster,
  );
});

function isLogLine(line: string): boolean {
  try {
    const event = JSON.parse(line) as Record<string, unknown>;
    return (
      typeof event.level === 'string' && typeof event.message === 'string' && typeof event.time === 'string'
    );
  } catch {
    return false;
  }
}
