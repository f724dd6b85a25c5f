import type { Finding, Rule } from '@everline/history';

/** What broke, counted for people. */
export interface Broken {
  readonly lost: number;
  readonly doubled: number;
  /** Neither lost nor doubled: out of order, stale, two masters in one epoch. */
  readonly wrong: number;
}

const rulesOfLoss: ReadonlySet<Rule> = new Set(['acknowledged is kept', 'no gap']);
const rulesOfDoubling: ReadonlySet<Rule> = new Set(['exactly once', 'nothing twice']);

export function countBroken(findings: readonly Finding[]): Broken {
  const lost = findings.filter(({ rule }) => rulesOfLoss.has(rule)).length;
  const doubled = findings.filter(({ rule }) => rulesOfDoubling.has(rule)).length;
  return { lost, doubled, wrong: findings.length - lost - doubled };
}
