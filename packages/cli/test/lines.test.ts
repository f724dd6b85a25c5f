import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { type Line, linesOf, maxLineBytes } from '../src/lines.js';

// The machine may be busy.
jest.setTimeout(60_000);

async function* chunked(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function read(...chunks: (string | Uint8Array)[]): Promise<Line[]> {
  const bytes = chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
  return collect(linesOf(chunked(bytes)));
}

async function collect(lines: AsyncIterable<Line>): Promise<Line[]> {
  const all: Line[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe('lines of the input', () => {
  test.each([
    [[''], []],
    [['a\nb\n'], ['a', 'b']],
    [['a\nb'], ['a', 'b']],
    [['a\n\nb\n'], ['a', '', 'b']],
    [['a\r\nb\r\n'], ['a', 'b']],
    [
      ['a', 'b\nc', '\n'],
      ['ab', 'c'],
    ],
    [['\ufeffa\n'], ['a']],
    [['\n'], ['']],
  ])('%j are %j', async (chunks, lines) => {
    expect((await read(...chunks)).map((line) => (line.kind === 'line' ? line.text : line.kind))).toEqual(
      lines,
    );
  });

  test('a character cut in two by the end of a chunk is whole again', async () => {
    const bytes = Buffer.from('日本\n');
    expect(await read(bytes.subarray(0, 2), bytes.subarray(2))).toEqual([
      { kind: 'line', number: 1, text: '日本' },
    ]);
  });

  test('what is not UTF-8 is named, not mended', async () => {
    expect(await read('a\n', Uint8Array.of(0xff, 0x0a), 'b\n')).toEqual([
      { kind: 'line', number: 1, text: 'a' },
      { kind: 'not-utf8', number: 2 },
      { kind: 'line', number: 3, text: 'b' },
    ]);
  });

  test('a line without end is bounded, and the next one is read', async () => {
    const part = 'x'.repeat(maxLineBytes);
    expect(await read(part, part, part, 'y\nb\n')).toEqual([
      { kind: 'too-long', number: 1 },
      { kind: 'line', number: 2, text: 'b' },
    ]);
    expect(await read(part)).toEqual([{ kind: 'line', number: 1, text: part }]);
  });

  test('how the bytes are cut into chunks changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(20)), async (text, cuts) => {
        const bytes = Buffer.from(text);
        const chunks: Uint8Array[] = [];
        let from = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(from, from + cut));
          from += cut;
        }
        expect(await read(...chunks, bytes.subarray(from))).toEqual(await read(bytes));
      }),
    );
  });
});
