import { systemClock } from '@everline/chassis/clock';
import { watchControl } from '@everline/chassis/control';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../eventually.js';
import { hangs, isAlive, kill, Stage } from '../stage.js';
import { startRouter, type TestRouter } from './router.js';

jest.setTimeout(60_000);

let stage: Stage;
let router: TestRouter;
beforeEach(async () => {
  stage = new Stage();
  router = await startRouter();
});
afterEach(async () => {
  router[Symbol.dispose]();
  await stage[Symbol.asyncDispose]();
}, 60_000);

async function incarnationOf(name: string): Promise<string> {
  const { facts } = (await stage.status(name)).child;
  return String((facts as Record<string, unknown>).incarnation);
}

describe('W12: the local witness', () => {
  it('tells the router at once of a child of its own, by the incarnation that the child named', async () => {
    stage.startSpeaker('one', ['--report-to', router.address], ['--master', 'm-1']);
    const { child } = await stage.complete('one');
    const incarnation = await incarnationOf('one');
    kill(child, 'SIGKILL');
    await eventually('it is reported', () => router.reports.length === 1);
    expect(router.reports[0]).toMatchObject({ masterId: 'm-1', incarnation, how: 'SIGKILL' });
    await stage.complete('one', (status) => status.child.pid !== child);
    expect(await incarnationOf('one')).not.toBe(incarnation);
  });

  it('tells it of an adopted child as soon as its lock is free and the kernel confirms it', async () => {
    const first = stage.startSpeaker('one', ['--report-to', router.address], ['--master', 'm-1']);
    await stage.complete('one');
    kill(first.pid, 'SIGKILL');
    const { child } = await stage.complete('one', ({ keeper }) => keeper !== first.pid);
    const incarnation = await incarnationOf('one');
    kill(child, 'SIGKILL');
    await eventually('it is reported', () => router.reports.length === 1);
    expect(router.reports[0]).toMatchObject({ masterId: 'm-1', incarnation });
    expect(['SIGKILL', 'gone']).toContain(router.reports[0]?.how);
  });

  it('kills a hung child before it says so', async () => {
    stage.startSpeaker('one', ['--report-to', router.address, ...hangs], ['--master', 'm-1']);
    const { child } = await stage.complete('one');
    kill(child, 'SIGSTOP');
    await eventually('it is reported', () => router.reports.length === 1);
    expect(router.reports[0]?.how).toBe('SIGKILL');
    const [hung] = stage.events('one', 'hung');
    expect(hung?.pid).toBe(child);
  });

  it('says nothing on a guess: not of a frozen child', async () => {
    stage.startSpeaker('one', ['--report-to', router.address], ['--master', 'm-1']);
    const { child } = await stage.complete('one');
    kill(child, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    kill(child, 'SIGCONT');
    await stage.complete('one');
    expect(router.reports).toEqual([]);
  });

  it('says nothing on a guess: not of an adopted child that let go of its lock and lives', async () => {
    const livedWhenReported: boolean[] = [];
    using witness = await startRouter(0, () => {
      livedWhenReported.push(isAlive(before.child));
      return 'OK';
    });
    const flags = ['--report-to', witness.address, ...hangs];
    const first = stage.startSpeaker('one', flags, ['--master', 'm-1']);
    const before = await stage.complete('one');
    kill(first.pid, 'SIGKILL');
    const { child } = await stage.complete('one', ({ keeper }) => keeper !== first.pid);
    kill(child, 'SIGUSR1');
    await eventually('the lock is free', async () => {
      const watched = await watchControl({ dataDir: stage.childData, clock: systemClock });
      return watched.kind === 'free';
    });
    // It answers no ping either: a hang, and only its death is reported.
    await eventually('it is reported', () => livedWhenReported.length > 0);
    expect(livedWhenReported).toEqual([false]);
    expect(await stage.event('one', 'hung')).toMatchObject({ pid: child });
  });

  it('a death that no keeper lived to report is reported by the next', async () => {
    const first = stage.startSpeaker('one', ['--report-to', router.address], ['--master', 'm-1']);
    const before = await stage.complete('one');
    const incarnation = await incarnationOf('one');
    kill(before.guardian, 'SIGSTOP');
    kill(first.pid, 'SIGKILL');
    kill(before.guardian, 'SIGKILL');
    kill(before.child, 'SIGKILL');
    await eventually('all are gone', () => stage.processes().length === 0);
    expect(router.reports).toEqual([]);
    stage.startSpeaker('one', ['--report-to', router.address], ['--master', 'm-1']);
    await eventually('it is reported', () => router.reports.length === 1);
    expect(router.reports[0]).toMatchObject({ masterId: 'm-1', incarnation, how: 'gone' });
  });

  it('a report that no router took is told by the next keeper', async () => {
    router[Symbol.dispose]();
    const first = stage.startSpeaker(
      'one',
      ['--report-to', router.address, '--settled-ms', '0'],
      ['--master', 'm-1'],
    );
    const before = await stage.complete('one');
    const incarnation = await incarnationOf('one');
    kill(before.child, 'SIGKILL');
    await stage.complete('one', ({ child }) => child.pid !== before.child);
    kill(first.pid, 'SIGKILL');
    await stage.complete('one', ({ keeper }) => keeper !== first.pid);
    router = await startRouter(router.port);
    await eventually('it is reported', () => router.reports.length === 1);
    expect(router.reports[0]).toMatchObject({ incarnation, how: 'SIGKILL' });
  });
});
