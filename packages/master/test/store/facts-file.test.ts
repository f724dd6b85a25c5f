import { join } from 'node:path';
import { StoredFacts } from '@everline/contracts';
import { expect, test } from '@jest/globals';
import { type Disk, nodeDisk } from '../../src/store/disk.js';
import { FactsFile, format } from '../../src/store/facts-file.js';
import { temporaryFolder } from './temporary.js';

/** Counts the flushes; after `most` of them the power is gone: nothing is written any more. */
class Power {
  flushes = 0;
  most = Number.POSITIVE_INFINITY;

  readonly disk: Disk = {
    ...nodeDisk,
    open: async (path) => {
      const file = await nodeDisk.open(path);
      return {
        write: async (bytes, at) => {
          if (this.flushes < this.most) await file.write(bytes, at);
        },
        writeZeros: (length, at) => file.writeZeros(length, at),
        truncate: (length) => file.truncate(length),
        sync: async () => {
          if (this.flushes >= this.most) throw new Error('no power');
          this.flushes += 1;
          await file.sync();
        },
        [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
      };
    },
  };
}

function promising(epoch: number): StoredFacts {
  const nothing = StoredFacts.decode(new Uint8Array(0));
  return { ...nothing, format, masterId: 'm', promisedEpoch: BigInt(epoch) };
}

test('M2: a promise is durable with the first copy: a machine that dies between the two finds it', async () => {
  const path = join(temporaryFolder(), 'facts');
  const power = new Power();
  const file = await FactsFile.create(path, power.disk, promising(1));
  power.most = power.flushes + 1;
  const { durable, whole } = file.write(promising(2));
  await durable;
  await expect(whole).rejects.toThrow('no power');
  expect(FactsFile.read(path, nodeDisk).facts.promisedEpoch).toBe(2n);
});

test('a machine that dies in the first copy finds the facts before', async () => {
  const path = join(temporaryFolder(), 'facts');
  const power = new Power();
  const file = await FactsFile.create(path, power.disk, promising(1));
  power.most = power.flushes;
  await expect(file.write(promising(2)).durable).rejects.toThrow('no power');
  expect(FactsFile.read(path, nodeDisk).facts.promisedEpoch).toBe(1n);
});

test('what is written while others wait is written with them: the newest, once', async () => {
  const path = join(temporaryFolder(), 'facts');
  const power = new Power();
  const file = await FactsFile.create(path, power.disk, promising(1));
  const before = power.flushes;
  const written = [2, 3, 4].map((epoch) => file.write(promising(epoch)));
  await Promise.all(written.map(({ whole }) => whole));
  expect(power.flushes - before).toBe(2);
  expect(FactsFile.read(path, nodeDisk).facts.promisedEpoch).toBe(4n);
});
