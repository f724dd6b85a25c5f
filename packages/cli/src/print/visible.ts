/**
 * Text from others is shown, never obeyed: whatever could move the cursor, change colours, reorder or break a line is
 * replaced by a sign that can be seen. U+001B becomes `␛`, U+202E becomes `<U+202E>`.
 */
const steering = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}\u206A-\u206F\uFFF9-\uFFFB]/gu;
const controlPictures = 0x2400;
const deletePicture = '\u2421';

/** One line whatever it holds: a newline is shown as `␊`, a tab as a space. */
export function visible(text: string): string {
  return text.replace(steering, (character) => (character === '\t' ? ' ' : sign(character)));
}

/** The lines of a text of several lines, each of them visible. */
export function visibleLines(text: string): string[] {
  return text.split('\n').map(visible);
}

/** JSON that means the same and steers nothing: what JSON.stringify leaves raw (DEL, C1, bidi overrides) is escaped, too. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(
    steering,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function sign(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(controlPictures + code);
  if (code === 0x7f) return deletePicture;
  if (code >= 0xd800 && code <= 0xdfff) return '\uFFFD';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
