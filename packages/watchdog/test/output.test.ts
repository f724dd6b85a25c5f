import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Phase } from '../src/keeper/phase.js';
import { rotateRegularly } from '../src/keeper/rotation.js';
import { eventually } from './eventually.js';
import { kill, Stage } from './stage.js';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(async () => {
  await stage[Symbol.asyncDispose]();
}, 60_000);
jest.setTimeout(60_000);

/** All that was kept, oldest first. */
function everything(name: string, files: number): string {
  const suffixes = Array.from({ length: files }, (_, index) => `.${files - index}`);
  const present = suffixes.filter((suffix) => existsSync(join(stage.data, name, `output.log${suffix}`)));
  return [...present, ''].map((suffix) => stage.output(name, suffix)).join('');
}

describe('the output of the child', () => {
  it('W7: is rotated while it writes, and no line is torn, lost, or doubled', async () => {
    const keeper = stage.startSpeaker('one', ['--log-size', '100KB', '--log-files', '100'], ['--chat']);
    await stage.event('one', 'output-rotated', 3, 30_000);
    kill(keeper.pid, 'SIGTERM');
    await keeper.ended;
    const lines = everything('one', 100)
      .split('\n')
      .filter((line) => line.startsWith('line '));
    expect(lines.length).toBeGreaterThan(2_000);
    lines.forEach((line, index) => {
      expect(line).toBe(`line ${index + 1} ${'x'.repeat((index + 1) % 80)} end`);
    });
    expect(Buffer.byteLength(stage.output('one', '.1'))).toBeGreaterThan(100_000);
  });

  it('W7: is rotated for an adopted child as well, over any change of watchdogs, with nothing lost', async () => {
    const first = stage.startSpeaker('one', ['--log-size', '100KB', '--log-files', '100'], ['--chat']);
    await stage.complete('one');
    await stage.event('one', 'output-rotated');
    kill(first.pid, 'SIGKILL');
    const after = await stage.complete('one', ({ keeper }) => keeper !== first.pid);
    const rotated = stage.events('one', 'output-rotated').length;
    await stage.event('one', 'output-rotated', rotated + 2, 30_000);
    kill(after.keeper, 'SIGTERM');
    await eventually('all is gone', () => stage.processes().length === 0);
    const lines = everything('one', 100)
      .split('\n')
      .filter((line) => line.startsWith('line '));
    lines.forEach((line, index) => {
      expect(line).toBe(`line ${index + 1} ${'x'.repeat((index + 1) % 80)} end`);
    });
  });

  it('W7: keeps no more files than it may', async () => {
    const writer =
      'i=0; while :; do i=$((i+1)); echo "line $i ........................................"; done';
    stage.start('one', ['--log-size', '1KB', '--log-files', '2'], ['sh', '-c', writer]);
    await stage.event('one', 'output-rotated', 4, 30_000);
    expect(existsSync(join(stage.data, 'one', 'output.log.2'))).toBe(true);
    expect(existsSync(join(stage.data, 'one', 'output.log.3'))).toBe(false);
  });

  it('W7: goes on while no watchdog lives: nobody has to read for it to be able to write', async () => {
    const first = stage.startSpeaker('one', [], ['--chat']);
    const before = await stage.complete('one');
    kill(before.guardian, 'SIGSTOP');
    kill(first.pid, 'SIGKILL');
    kill(before.guardian, 'SIGKILL');
    const { length } = stage.output('one');
    await eventually('it writes', () => stage.output('one').length > length + 10_000);
  });

  it('W7: a rotation that was cut off by a kill is made good, and doubles nothing', async () => {
    const { rotateOutput } = await import('../src/child/rotate-output.js');
    const path = join(stage.dir, 'output.log');
    const limits = { maxBytes: 10, files: 3 };
    writeFileSync(path, 'first line\n');
    await rotateOutput(path, limits, () => 'nobody');
    // Copied, marked, not cut; and written on since.
    writeFileSync(path, 'second line\nthird line\n');
    writeFileSync(`${path}.2`, 'first line\n');
    writeFileSync(`${path}.1`, 'second line\n');
    writeFileSync(`${path}.rotating`, '');
    expect(await rotateOutput(path, limits, () => 'nobody')).toBe(true);
    expect([path, `${path}.1`, `${path}.2`].map((file) => readFileSync(file, 'utf8'))).toEqual([
      '',
      'second line\nthird line\n',
      'first line\n',
    ]);
    expect(existsSync(`${path}.rotating`)).toBe(false);
    // Cut, and the mark left: the copy is not the beginning of the file any more.
    writeFileSync(path, 'fourth line\n');
    writeFileSync(`${path}.rotating`, '');
    expect(await rotateOutput(path, limits, () => 'nobody')).toBe(true);
    expect(readFileSync(`${path}.2`, 'utf8')).toBe('second line\nthird line\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('fourth line\n');
  });

  it('W7: a keeper that ends while it rotates finishes that: no line is left in two files', async () => {
    const output = join(stage.dir, 'output.log');
    writeFileSync(output, 'one\ntwo\n');
    let look: () => void = () => undefined;
    const clock = {
      every: (_ms: number, fn: () => void) => {
        look = fn;
        return () => undefined;
      },
    };
    let die: (error: Error) => void = () => undefined;
    const answer = new Promise((_, reject) => {
      die = reject;
    });
    let asked = false;
    const request = () => {
      asked = true;
      return answer;
    };
    const rotation = rotateRegularly(
      {
        settings: { childDataDir: stage.dir, log: { maxBytes: 4, files: 3 } },
        home: { output },
        clock,
        events: { tell: () => undefined },
      } as unknown as Parameters<typeof rotateRegularly>[0],
      () => ({ kind: 'running', child: { link: { request } } }) as unknown as Phase,
    );
    look();
    await eventually('the child is asked to cut its output', () => asked);
    expect(readFileSync(`${output}.1`, 'utf8')).toBe('one\ntwo\n');
    die(new Error('the child has ended'));
    await rotation.end();
    expect([output, `${output}.1`].map((file) => readFileSync(file, 'utf8'))).toEqual(['', 'one\ntwo\n']);
  });

  it('W9: the last lines of a death are those of the one that died, at most ten, each bounded', async () => {
    const script = `for i in $(seq 1 30); do echo line $i; done; head -c 3000 /dev/zero | tr '\\0' z; echo; exit 1`;
    stage.start('one', [], ['sh', '-c', script]);
    const death = await stage.event('one', 'death');
    const lines = death.lastLines as string[];
    expect(lines).toHaveLength(10);
    expect(lines[8]).toBe('line 30');
    expect(lines[9]).toBe('z'.repeat(500));
  });

  it('a disk that takes no more lines stops neither watchdog nor child', async () => {
    const { symlinkSync, mkdirSync } = await import('node:fs');
    mkdirSync(join(stage.data, 'one'), { recursive: true });
    symlinkSync('/dev/full', join(stage.data, 'one', 'watchdog.log'));
    const keeper = stage.start('one', ['--settled-ms', '0'], ['sh', '-c', 'sleep 0.1; exit 1']);
    await eventually('it is restarted', () => keeper.stderr().match(/"event":"started"/g)?.length === 4);
  });
});
