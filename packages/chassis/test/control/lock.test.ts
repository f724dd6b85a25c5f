import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock as clock } from '../../src/clock.js';
import { controlAddress, readCard, tryOpenControl, watchControl } from '../../src/control/index.js';
import { eventually, Stage } from './stage.js';

jest.setTimeout(30_000);

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage[Symbol.asyncDispose]());

for (const kind of ['abstract', 'path'] as const)
  describe(`W2: the lock on a data directory (${kind} socket)`, () => {
    it('a second copy ends with 75 and a sentence that names the first', async () => {
      const first = stage.start(kind);
      await stage.holds(first);
      const second = stage.start(kind);
      expect(await second.ended).toBe(75);
      expect(second.said()).toBe(`another holder runs on ${stage.dir}: pid ${first.pid}\n`);
    });

    it('a second copy names a first one that is frozen, too', async () => {
      const first = stage.start(kind);
      await stage.holds(first);
      first.process.kill('SIGSTOP');
      const second = stage.start(kind);
      expect(await second.ended).toBe(75);
      expect(second.said()).toContain(`: pid ${first.pid}\n`);
    });

    it('is free as soon as its holder was killed', async () => {
      for (let round = 0; round < 3; round++) {
        const holder = stage.start(kind);
        await stage.holds(holder);
        holder.process.kill('SIGKILL');
        await holder.ended;
        expect((await watchControl({ dataDir: stage.dir, clock, addressKind: kind })).kind).toBe('free');
      }
    });

    it('a starter waits for one that is just being killed', async () => {
      const first = stage.start(kind);
      await stage.holds(first);
      first.process.kill('SIGKILL');
      await stage.holds(stage.start(kind));
    });

    it('of ten that start at once one holds it, and the others name that one', async () => {
      const all = Array.from({ length: 10 }, () => stage.start(kind));
      const holder = await eventually('one holds it', () => all.find((one) => one.said().startsWith('open')));
      const others = all.filter((one) => one !== holder);
      expect(await Promise.all(others.map(({ ended }) => ended))).toEqual(others.map(() => 75));
      for (const other of others) expect(other.said()).toContain(`pid ${holder.pid}\n`);
    });

    it('is let go of when it is disposed', async () => {
      const holder = stage.start(kind);
      await stage.holds(holder);
      holder.process.kill('SIGUSR1');
      await eventually(
        'it is free',
        async () => (await watchControl({ dataDir: stage.dir, clock, addressKind: kind })).kind === 'free',
      );
      await stage.open({ addressKind: kind });
    });
  });

describe('W2: the name of the lock', () => {
  it('is the same by whatever path the directory is meant, and another for every directory', () => {
    mkdirSync(join(stage.dir, 'a'));
    symlinkSync(join(stage.dir, 'a'), join(stage.dir, 'b'));
    const address = controlAddress(join(stage.dir, 'a'));
    expect(controlAddress(join(stage.dir, 'b'))).toEqual(address);
    expect(controlAddress(join(stage.dir, 'b', '..', 'a', '.'))).toEqual(address);
    expect(controlAddress(join(stage.dir, 'c'))).not.toEqual(address);
  });

  it('does not change when the directory is made', () => {
    const path = join(stage.dir, 'not', 'yet');
    const before = controlAddress(path);
    mkdirSync(path, { recursive: true });
    expect(controlAddress(path)).toEqual(before);
  });

  it('an abstract name has full length, so that every version of Node means the same one', () => {
    expect(Buffer.byteLength(controlAddress(stage.dir, 'abstract').path)).toBe(108);
  });

  it('a path that is too long for a socket is replaced by a short one, in a folder of this user alone', () => {
    const long = join(stage.dir, 'x'.repeat(120));
    const { path } = controlAddress(long, 'path');
    expect(path).toMatch(/^\/tmp\/everline-\d+\/[0-9a-f]{32}\.sock$/);
    expect(controlAddress(stage.dir, 'path').path).toBe(join(stage.dir, 'control.sock'));
  });

  it('survives a directory that was wiped under a running process', async () => {
    const holder = stage.start();
    await stage.holds(holder);
    rmSync(join(stage.dir, 'control.json'));
    const second = stage.start();
    expect(await second.ended).toBe(75);
    expect(second.said()).toContain(`pid ${holder.pid}`);
    // Nobody can prove the key any more: it is left alone.
    expect((await watchControl({ dataDir: stage.dir, clock })).kind).toBe('unproved');
  });
});

describe('the card', () => {
  it('is readable by its user alone, names the holder, and keeps its key over restarts', async () => {
    const first = stage.start();
    await stage.holds(first);
    const before = readCard(stage.dir);
    expect(before?.identity.pid).toBe(first.pid);
    const { statSync } = await import('node:fs');
    expect(statSync(join(stage.dir, 'control.json')).mode & 0o777).toBe(0o600);
    first.process.kill('SIGKILL');
    await first.ended;
    const second = stage.start();
    await stage.holds(second);
    expect(readCard(stage.dir)).toMatchObject({ key: before?.key, identity: { pid: second.pid } });
  });

  it('a file that cannot be written, or holds rubbish, stops nobody', async () => {
    writeFileSync(join(stage.dir, 'control.json'), '{"identity":7');
    expect(readCard(stage.dir)).toBeUndefined();
    await stage.open();
    expect(JSON.parse(readFileSync(join(stage.dir, 'control.json'), 'utf8')).identity.pid).toBe(process.pid);
    const other = join(stage.dir, 'other');
    mkdirSync(join(other, 'control.json'), { recursive: true });
    const warned: string[] = [];
    const log = { warn: (_: object, message: string) => void warned.push(message) };
    await stage.open({ dataDir: other, log });
    expect(warned).toEqual(['control.json could not be written']);
  });

  it('W1: a holder that says nothing is named only while the card names a living process', async () => {
    // Somebody else took the name, and says nothing.
    const squatter = createServer().listen(controlAddress(stage.dir).path);
    await new Promise((resolve) => squatter.once('listening', resolve));
    const opening = await tryOpenControl({
      dataDir: stage.dir,
      kind: 'test',
      identity: { instance: 'i' },
      clock,
    });
    expect(opening).toEqual({ held: false, holder: undefined });
    expect(await watchControl({ dataDir: stage.dir, clock, deadlineMs: 50 })).toEqual({
      kind: 'silent',
      holder: undefined,
    });
    squatter.close();
  });
});
