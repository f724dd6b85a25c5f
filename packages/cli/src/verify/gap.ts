import { Gap, Refused } from '@everline/client';
import type { Finding, Rule } from '@everline/history';

const rules: Readonly<Record<Gap['evidence']['kind'], Rule>> = {
  missing: 'no gap',
  repeated: 'nothing twice',
  disordered: 'one order',
};

/** A timeline that could not go on where it was, as a broken promise; undefined: it ended for another reason. */
export function gapFinding(error: unknown, whose: string): Finding | undefined {
  if (error instanceof Gap) {
    return {
      rule: rules[error.evidence.kind],
      what: `${whose}: ${error.message}`,
      evidence: [error.evidence],
    };
  }
  if (error instanceof Refused && error.reason.startsWith('CURSOR_')) {
    const what = `${whose} could not go on: ${error.message}`;
    return { rule: 'no gap', what, evidence: [{ reason: error.reason, ...error.metadata }] };
  }
  return undefined;
}
