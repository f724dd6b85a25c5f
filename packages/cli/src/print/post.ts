import { shortTime } from './local-time.js';
import type { Style } from './style.js';
import { visible, visibleLines } from './visible.js';

export interface PrintedPost {
  readonly postId: string;
  readonly author: string;
  readonly text: string;
  readonly postedAtMs: number;
  readonly seq: number;
}

interface PostLineOptions {
  readonly nowMs: number;
  readonly oneLine: boolean;
  /** At least so wide, when the authors are known beforehand. */
  readonly authorColumns?: number;
}

/**
 * `23:47:25  alice  text`. On a terminal the lines of a longer post stand under its first, indented, so that no text can
 * look like somebody else's post; in a pipe every post is one line.
 */
export function postLine(post: PrintedPost, style: Style, options: PostLineOptions): string {
  const time = shortTime(post.postedAtMs, options.nowMs);
  const author = visible(post.author);
  const space = ' '.repeat(Math.max(0, (options.authorColumns ?? 0) - author.length));
  const head = `${style.dim(time)}  ${style.bold(style.name(author))}${space}  `;
  if (options.oneLine) return `${head}${visible(post.text)}\n`;
  const indent = ' '.repeat(time.length + author.length + space.length + 4);
  return `${head}${visibleLines(post.text).join(`\n${indent}`)}\n`;
}

export function postValue(post: PrintedPost): Record<string, unknown> {
  const { postId, author, text, postedAtMs, seq } = post;
  return { postId, author, text, postedAtMs, seq };
}
