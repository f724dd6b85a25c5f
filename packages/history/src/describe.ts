import type { Finding } from './history.js';

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
