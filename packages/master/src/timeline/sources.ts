import type { Followee, View } from './view.js';

/** Whose posts are in a timeline, and from where on. */
export function sourcesOf(view: View, username: string, includeOwn: boolean): readonly Followee[] {
  const followees = view.following(username);
  return includeOwn ? [...followees, { username, sinceSeq: 0 }] : followees;
}
