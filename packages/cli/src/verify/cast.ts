/** Who takes part in a verification: names of its own, so that nobody else's timeline is touched. */
export interface Cast {
  /** Each posts, reads live, and reads pages. */
  readonly people: readonly string[];
  /** Follows everybody; whoever reads everything anew reads as this one. */
  readonly witness: string;
}

/** With more people a post goes to this many of them and not to all: the work grows with the people, not with their square. */
export const mostFollowed = 8;

export function castOf(mark: string, clients: number): Cast {
  const people = Array.from({ length: clients }, (_, index) => `verify-${mark}-${index + 1}`);
  return { people, witness: `verify-${mark}-witness` };
}

/** The next ones in the circle. */
export function followedBy({ people }: Cast, index: number): readonly string[] {
  const amount = Math.min(mostFollowed, people.length - 1);
  return Array.from({ length: amount }, (_, step) => people[(index + step + 1) % people.length] ?? '');
}

/** On how many live timelines a post has to come: those of its followers, and its author's own. */
export function readersOfEach({ people }: Cast): number {
  return Math.min(mostFollowed, people.length - 1) + 1;
}

/** Numbered by its author from 1: so a post says by itself whether one before it is missing. */
export function textOf(number: number, author: string): string {
  return `post ${number} of ${author}`;
}

/** NaN: it is none of ours. */
export function numberIn(text: string): number {
  return Number(/^post (\d+) of /.exec(text)?.[1] ?? Number.NaN);
}
