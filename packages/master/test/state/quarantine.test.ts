import { Command } from '@everline/contracts';
import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeCommand } from '../../src/state/command.js';
import { encodeEntry } from '../../src/store/journal-entry.js';
import { carryOut, copyInto, id, login, opened, post, temporaryFolder } from '../store/temporary.js';

jest.setTimeout(30_000);

test('a command that cannot be applied is set aside, the same at every master, and the next one is applied', async () => {
  const one = await opened(temporaryFolder());
  const two = await opened(temporaryFolder());
  for (const store of [one, two]) await carryOut(store, [{ ...login('ada'), id: ids[0] as string }]);
  const good = Buffer.from(
    encodeCommand({ kind: 'post', id: ids[1] as string, author: 'ada', text: 'x' }, { seq: 2, atMs: 5 }),
  );
  const poison = [
    Buffer.from('no command at all'),
    Buffer.from([0xff]),
    good.subarray(0, good.length - 3),
    good, // of another place in the journal
    Buffer.from(Command.encode({ id: Buffer.alloc(16, 1), atMs: 1n, command: undefined }).finish()),
    Buffer.from(
      Command.encode({
        id: Buffer.alloc(3),
        atMs: 1n,
        command: { $case: 'login', value: { username: 'x', sessionId: '' } },
      }).finish(),
    ),
    named('n'.repeat(5_000)),
    named(''),
    Buffer.from(encodeCommand({ kind: 'login', id: id(), username: 'late' }, { seq: 9, atMs: 2 ** 50 })),
  ];
  for (const store of [one, two]) {
    for (const bytes of poison) {
      const entry = encodeEntry(store.positions().lastSeq + 1, 1, bytes);
      await store.append([entry]);
      expect(store.apply([entry])[0]).toMatchObject({ outcome: { kind: 'refused', reason: 'UNEXPECTED' } });
    }
    const [after] = await carryOut(store, [{ ...post('ada', 'y'), id: ids[2] as string }]);
    expect(after?.outcome.kind).toBe('post');
  }
  expect(one.positions()).toEqual(two.positions());
  expect(one.stateHash()).toBe(two.stateHash());
  const copy = await opened(temporaryFolder());
  await copyInto(copy, two);
  expect(copy.stateHash()).toBe(one.stateHash());
  expect(copy.view.users(0, 10).map(({ username }) => username)).toEqual(['ada']);
});

test('whatever bytes a command has, applying it throws nothing', async () => {
  const store = await opened(temporaryFolder());
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 20 }),
      async (commands) => {
        const entries = commands.map((bytes, i) => encodeEntry(store.positions().lastSeq + 1 + i, 1, bytes));
        await store.append(entries);
        expect(store.apply(entries).length).toBe(commands.length);
      },
    ),
    { numRuns: 50 },
  );
});

const ids = Array.from({ length: 3 }, () => id());

function named(username: string): Buffer {
  const value = { username, sessionId: '' };
  return Buffer.from(
    Command.encode({ id: Buffer.alloc(16, 7), atMs: 1n, command: { $case: 'login', value } }).finish(),
  );
}
