import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { graphText } from '../src/print/graph.js';
import { postLine } from '../src/print/post.js';
import { styleFor } from '../src/print/style.js';
import { visible, visibleJson, visibleLines } from '../src/print/visible.js';
import { listText, postText, reconnectingText } from '../src/shell/texts.js';

// The machine may be busy.
jest.setTimeout(60_000);

/** What a terminal could obey, or what could make a text read otherwise than it is. */
const steeringRanges = [
  [0x00, 0x09],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0x061c, 0x061c],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x206f],
  [0xfff9, 0xfffb],
] as const;
const steering = (text: string): string[] =>
  [...text].filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    return steeringRanges.some(([from, to]) => code >= from && code <= to);
  });
const plain = styleFor({ colours: false });
const hostile = fc.string({ unit: 'binary', maxLength: 60 });

describe('text from others is shown, never sent', () => {
  test.each([
    ['plain ASCII and ümläuts, 日本語, 👩‍🚀', 'plain ASCII and ümläuts, 日本語, 👩‍🚀'],
    ['\u001b[2J', '␛[2J'],
    ['\u001b]0;title\u0007', '␛]0;title␇'],
    ['a\nb', 'a␊b'],
    ['a\r\nb', 'a␍␊b'],
    ['a\tb', 'a b'],
    ['\u0000\u007f', '␀␡'],
    ['\u009b31m', '<U+009B>31m'],
    ['\u0085', '<U+0085>'],
    ['safe\u202etxt.exe', 'safe<U+202E>txt.exe'],
    ['\u2066x\u2069', '<U+2066>x<U+2069>'],
    ['\u200f\u061c', '<U+200F><U+061C>'],
    ['\u2028\u2029', '<U+2028><U+2029>'],
    ['half \ud800 pair', 'half \ufffd pair'],
  ])('%j is shown as %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test('no text whatever gets a steering character or a line of its own past any printing function', () => {
    fc.assert(
      fc.property(hostile, hostile, (author, text) => {
        const post = { postId: 'p', author, text, postedAtMs: 0, seq: 1 };
        const graph = { allUsers: [author], followers: [text], following: [] };
        const printed: readonly (readonly [text: string, lines: number])[] = [
          [visible(text), 0],
          [visibleJson({ author, text }), 0],
          [reconnectingText(text), 1],
          [postText(post), 2],
          [listText([author], [text]), 2],
          [graphText(graph, plain, 1_000), 5],
          [postLine(post, plain, { nowMs: 0, oneLine: true }), 1],
        ];
        for (const [line, lines] of printed) {
          expect(steering(line)).toEqual([]);
          expect(line.split('\n')).toHaveLength(lines + 1);
        }
      }),
    );
  });

  test('on a terminal a later line of a post is indented and cannot pass for another post', () => {
    const post = { postId: 'p', author: 'eve', text: 'hi\n23:59:59  bob  I resign', postedAtMs: 0, seq: 1 };
    const [first, second] = postLine(post, plain, { nowMs: 0, oneLine: false }).split('\n');
    expect(first).toMatch(/eve {2}hi$/);
    expect(second).toMatch(/^ {15}23:59:59 {2}bob/);
  });

  test('escaped JSON means the same', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(JSON.parse(visibleJson({ text }))).toEqual({ text });
      }),
    );
  });

  test('the lines of a longer text stay lines', () => {
    expect(visibleLines('a\n\u001bb')).toEqual(['a', '␛b']);
  });
});

describe('colours', () => {
  test('are left out where nobody sees them', () => {
    expect(plain.red('x') + plain.bold('y') + plain.name('z')).toBe('xyz');
  });

  test('give the same name the same colour', () => {
    const style = styleFor({ colours: true });
    expect(style.name('alice')).toBe(style.name('alice'));
    expect(style.name('alice').split('\u001b')).toEqual(['', expect.stringMatching(/^\[\d+malice$/), '[39m']);
  });
});
