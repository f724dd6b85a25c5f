import { type Post, Refused, type TimelineEvent } from '@everline/client';
import type { Line } from '../lines.js';
import { insist } from './insist.js';
import { outcomeOf } from './outcomes.js';
import type { ShellParts } from './parts.js';
import { enteredTimeline, outcomeText, postText } from './texts.js';

const recentPosts = 20;

/** One way: shows posts as they come and posts what is typed, until the input ends. */
export async function timelineMode(parts: ShellParts): Promise<void> {
  parts.write(outcomeText('success') + enteredTimeline);
  const done = new AbortController();
  const signal = AbortSignal.any([parts.signal, done.signal]);
  let markEntered = (): void => {};
  const entered = new Promise<void>((resolve) => {
    markEntered = resolve;
  });
  const reading = showPosts(parts, signal, markEntered).catch((error: unknown) => {
    if (!done.signal.aborted) throw error;
  });
  try {
    await Promise.race([postLines(parts).then(() => entered), reading]);
  } finally {
    done.abort();
    await reading.catch(() => {});
  }
}

/** First the newest posts, newest first; from then on each as it comes. Nothing is shown twice, nothing is left out (C2). */
async function showPosts(parts: ShellParts, signal: AbortSignal, entered: () => void): Promise<void> {
  let recent: Post[] | undefined = [];
  for await (const event of parts.client.timeline({ recent: recentPosts, signal })) {
    if (event.kind === 'entry' && recent !== undefined) recent.unshift(event.post);
    else if (event.kind === 'caught-up' && recent !== undefined) {
      for (const post of recent) parts.write(postText(post));
      recent = undefined;
      entered();
    } else showEvent(event, parts);
  }
}

function showEvent(event: TimelineEvent, { write, reconnections }: ShellParts): void {
  if (event.kind === 'entry') write(postText(event.post));
  if (event.kind === 'resumed') reconnections.moved(event.address, event.epoch);
}

async function postLines(parts: ShellParts): Promise<void> {
  for (let line = await parts.nextLine(); line !== undefined; line = await parts.nextLine()) {
    await postLine(line, parts);
  }
}

async function postLine(line: Line, parts: ShellParts): Promise<void> {
  if (line.kind !== 'line')
    return refused(parts, line.kind === 'too-long' ? 'the line is too long' : 'the line is not UTF-8');
  if (line.text === '') return;
  try {
    await insist((id) => parts.client.post(line.text, id === undefined ? {} : { postId: id }), parts);
  } catch (error) {
    if (parts.signal.aborted || !(error instanceof Refused)) throw error;
    refused(parts, error.message);
  }
}

function refused({ write, explain }: ShellParts, why: string): void {
  write(outcomeText(outcomeOf('post', '')));
  explain(why);
}
