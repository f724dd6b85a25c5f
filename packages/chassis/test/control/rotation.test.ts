import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { finishRotation, moveTail } from '../../src/control/finish-rotation.js';
import { Stage } from './stage.js';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage[Symbol.asyncDispose]());

describe('W7: the last step of a rotation', () => {
  it('appends what was written since the copy, and cuts the file', () => {
    const path = join(stage.dir, 'output.log');
    const to = `${path}.1`;
    writeFileSync(path, 'one\n');
    copyFileSync(path, to);
    writeFileSync(path, `one\n${'x'.repeat(200_000)}\nthree\n`);
    expect(moveTail(path, to, 4)).toBe(200_007);
    expect(statSync(path).size).toBe(0);
    expect(readFileSync(to, 'utf8')).toBe(`one\n${'x'.repeat(200_000)}\nthree\n`);
  });

  it('is refused for a file that is not the output of this process', () => {
    const path = join(stage.dir, 'precious');
    writeFileSync(path, 'data');
    expect(() => finishRotation({ path, to: `${path}.1`, copied: 0 })).toThrow(
      'is not the output of this process',
    );
    expect(() => finishRotation({ path: 7 })).toThrow('wants path, to and copied');
    expect(readFileSync(path, 'utf8')).toBe('data');
    expect(existsSync(`${path}.1`)).toBe(false);
  });
});
