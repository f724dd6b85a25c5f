import { checkOrder } from './order.js';
import { checkPages } from './pages.js';
import { checkPosts } from './posts.js';
import type { Finding, History } from './record.js';
import { checkReigns } from './reigns.js';
import { checkStates } from './states.js';
import { checkStreams } from './streams.js';
import { Visibility } from './visibility.js';

/**
 * Claimed-order verification. Every answer carries its place in the one order, so nothing has to be searched for: the
 * claims are checked against each other and against the order as a fresh client reads it at the end. A cluster that
 * lies about a place contradicts itself somewhere, so the result does not rest on trusting it. O(n log n).
 */
export function checkHistory(history: History): readonly Finding[] {
  const visibility = new Visibility(history.changes, history.posts);
  return [
    ...checkOrder(history),
    ...checkPosts(history),
    ...checkStreams(history, visibility),
    ...checkPages(history, visibility),
    ...checkReigns(history),
    ...checkStates(history),
  ];
}

/** For an error's message: the first findings with their evidence. */
export function describeFindings(findings: readonly Finding[], most = 12): string {
  const lines = findings
    .slice(0, most)
    .map(({ rule, what, evidence }) => `- ${rule}: ${what}\n    ${evidence.map(oneLine).join('\n    ')}`);
  const more = findings.length > most ? `\n… and ${findings.length - most} more` : '';
  return `${findings.length} broken promises in this history:\n${lines.join('\n')}${more}`;
}

function oneLine(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner === Number.POSITIVE_INFINITY ? 'never' : (inner as unknown),
  );
}
