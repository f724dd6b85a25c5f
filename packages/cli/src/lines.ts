import { isUtf8 } from 'node:buffer';

const newline = 0x0a;
const carriageReturn = 0x0d;

/** A line of input, numbered from 1, without its end (LF or CRLF). */
export type Line =
  | { readonly kind: 'line'; readonly number: number; readonly text: string }
  | { readonly kind: 'too-long'; readonly number: number }
  | { readonly kind: 'not-utf8'; readonly number: number };

/** More than the longest post; of a longer line only the fact is kept, so a stream without line ends fills no memory. */
export const maxLineBytes = 16_384;

/** Splits as bytes arrive: a character cut in two by a chunk's end is whole again. What follows the last line end is a line, too. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let number = 0;
  const keep = (part: Uint8Array): void => {
    pendingBytes += part.length;
    if (pendingBytes <= maxLineBytes) pending.push(part);
    else pending = [];
  };
  const take = (): Line => {
    const bytes = Buffer.concat(pending);
    const tooLong = pendingBytes > maxLineBytes;
    pending = [];
    pendingBytes = 0;
    number += 1;
    return tooLong ? { kind: 'too-long', number } : decoded(bytes, number);
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      keep(chunk.subarray(from, end));
      yield take();
      from = end + 1;
    }
    if (from < chunk.length) keep(chunk.subarray(from));
  }
  if (pendingBytes > 0) yield take();
}

function decoded(bytes: Buffer, number: number): Line {
  const end = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
  const text = bytes.subarray(0, end);
  if (!isUtf8(text)) return { kind: 'not-utf8', number };
  return {
    kind: 'line',
    number,
    text: number === 1 ? text.toString().replace(/^\uFEFF/, '') : text.toString(),
  };
}
