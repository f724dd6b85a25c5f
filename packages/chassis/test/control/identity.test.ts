import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  type Identity,
  identify,
  lives,
  livingMembers,
  lookAt,
  parseIdentity,
  signal,
  signalGroup,
} from '../../src/control/index.js';
import { lookAtWithPs, membersOf, parseStat } from '../../src/control/process-table.js';
import { eventually } from './stage.js';

jest.setTimeout(20_000);

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
});

/** In a process group of its own. */
function run(script: string): { pid: number; ended: Promise<unknown>; firstLine: Promise<string> } {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const firstLine = new Promise<string>((resolve) =>
    child.stdout.once('data', (data) => resolve(String(data).trim())),
  );
  return { pid: child.pid ?? 0, ended, firstLine };
}

function known(pid: number): Identity {
  const identity = identify(pid, 'i');
  if (identity === undefined) throw new Error(`${pid} is not there`);
  return identity;
}

describe('W1: the identity of a process', () => {
  it('holds as long as the process, and no longer', async () => {
    const { pid, ended } = run('exec sleep 1000');
    const identity = known(pid);
    expect(lives(identity)).toBe(true);
    expect(signal(identity, 'SIGKILL')).toBe('sent');
    await ended;
    expect(lives(identity)).toBe(false);
    expect(signal(identity, 'SIGKILL')).toBe('gone');
    expect(identify(pid, 'i')).toBeUndefined();
  });

  it('a pid that was given to another process is another process: no signal goes there', () => {
    const { pid } = run('exec sleep 1000');
    const earlier = { ...known(pid), startTime: '1' };
    expect(lives(earlier)).toBe(false);
    expect(signal(earlier, 'SIGKILL')).toBe('gone');
    expect(signalGroup(earlier, 'SIGKILL')).toEqual([]);
    expect(lives(known(pid))).toBe(true);
  });

  it('from before the last boot it is nobody', () => {
    const { pid } = run('exec sleep 1000');
    const earlier = { ...known(pid), bootId: 'another boot' };
    expect(lives(earlier)).toBe(false);
    expect(signal(earlier, 'SIGKILL')).toBe('gone');
    expect(signalGroup(earlier, 'SIGKILL')).toEqual([]);
  });

  it('a zombie is dead, although kill(pid, 0) says otherwise', async () => {
    // The shell turns into a program that never reaps what the shell started.
    const { firstLine } = run('sleep 0.2 & echo $!; exec sleep 1000');
    const pid = Number(await firstLine);
    const identity = known(pid);
    await eventually('it is a zombie', () => lookAt(pid)?.state === 'Z');
    expect(() => process.kill(pid, 0)).not.toThrow();
    expect(lives(identity)).toBe(false);
    expect(signal(identity, 'SIGTERM')).toBe('gone');
  });

  it('is read from outside only when it is whole', () => {
    const whole = { pid: 7, startTime: '1', bootId: 'b', instance: 'i' };
    expect(parseIdentity(whole)).toEqual(whole);
    for (const broken of [
      undefined,
      null,
      7,
      [],
      { ...whole, pid: '7' },
      { ...whole, pid: 0 },
      { ...whole, pid: -7 },
      { ...whole, pid: 1.5 },
      { ...whole, startTime: 1 },
      { pid: 7 },
    ])
      expect(parseIdentity(broken)).toBeUndefined();
  });
});

describe('W6: a process group', () => {
  it('is signalled as a whole, also when its leader has gone', async () => {
    const { pid, firstLine, ended } = run('sleep 1000 & echo $!; exec sleep 0.2');
    const leader = known(pid);
    const orphan = Number(await firstLine);
    expect([...livingMembers(leader)].sort()).toEqual([pid, orphan].sort());
    await ended;
    expect(livingMembers(leader)).toEqual([orphan]);
    expect(signalGroup(leader, 'SIGKILL')).toEqual([orphan]);
    await eventually('all are gone', () => livingMembers(leader).length === 0);
    expect(signalGroup(leader, 'SIGKILL')).toEqual([]);
  });

  it('number 1 would be everybody: it is nobody', () => {
    expect(livingMembers({ ...known(process.pid), pid: 1 })).toEqual([]);
  });
});

describe('the process table', () => {
  it('tells state, group and CPU time', async () => {
    const { pid, firstLine } = run('echo go; while :; do :; done');
    await firstLine;
    await eventually('it used some time', () => (lookAt(pid)?.cpuMs ?? 0) > 20);
    expect(lookAt(pid)).toMatchObject({ pid, parent: process.pid, processGroup: pid });
    process.kill(pid, 'SIGSTOP');
    await eventually('it is stopped', () => lookAt(pid)?.state === 'T');
    expect(membersOf(pid).map((member) => member.pid)).toEqual([pid]);
  });

  it('is not confused by the names that programs give themselves', () => {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const odd = stat.replace(/\(.*\)/, '(a) R 1 (b) c)');
    expect(parseStat(process.pid, odd)).toEqual(parseStat(process.pid, stat));
    expect(parseStat(1, 'rubbish')).toBeUndefined();
  });

  it('is read by ps where there is no /proc, with the same result', async () => {
    const { pid, firstLine } = run('echo go; exec sleep 1000');
    await firstLine;
    const byPs = lookAtWithPs(pid);
    expect(byPs).toMatchObject({ pid, parent: process.pid, processGroup: pid, state: 'S' });
    expect(byPs?.startTime).toMatch(/\d{4}$/);
    expect(lookAtWithPs(2 ** 22 + 1)).toBeUndefined();
  });
});
