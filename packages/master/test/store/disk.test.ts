import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { nodeDisk } from '../../src/store/disk.js';
import { temporaryFolder } from './temporary.js';

test.each([1, 65_536, 200_000, 1_048_576])(
  'zeros, %i of them, lie where they were asked for, and what stands beside them stays',
  async (length) => {
    const path = join(temporaryFolder(), 'file');
    writeFileSync(path, Buffer.alloc(length + 20, 7));
    await using file = await nodeDisk.open(path);
    await file.writeZeros(length, 10);
    const beside = Buffer.alloc(10, 7);
    expect(readFileSync(path).equals(Buffer.concat([beside, Buffer.alloc(length), beside]))).toBe(true);
  },
);
