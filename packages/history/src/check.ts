import type { Finding, History } from './history.js';
import { checkJournals } from './journals.js';
import { Kept } from './kept.js';
import { Known } from './known.js';
import { checkOrder } from './order.js';
import { checkPages } from './pages.js';
import { checkPosts } from './posts.js';
import { checkReigns } from './reigns.js';
import { checkStates } from './states.js';
import { checkStreams } from './streams.js';
import { Visibility } from './visibility.js';

/**
 * Claimed-order verification. Every answer carries its place in the one order, so nothing has to be searched for: the
 * claims are checked against each other and against the order as a fresh client reads it at the end. A cluster that
 * lies about a place contradicts itself somewhere, so the result does not rest on trusting it. O(n log n) in the
 * number of posts, of entries taken and of changes.
 */
export function checkHistory(history: History): readonly Finding[] {
  const kept = new Kept(history.order);
  const known = new Known(history, kept);
  const visibility = new Visibility(history.changes, history.posts);
  return [
    ...checkOrder(history, known),
    ...checkPosts(history, kept),
    ...checkStreams(history, kept, visibility),
    ...checkPages(history, kept, known, visibility),
    ...checkReigns(history),
    ...checkStates(history),
    ...checkJournals(history),
  ];
}
