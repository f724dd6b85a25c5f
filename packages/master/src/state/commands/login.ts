import { StoredSession } from '@everline/contracts';
import { type Decision, decline } from '../decision.js';
import type { LoginDraft } from '../draft.js';
import { numberKey } from '../keys.js';
import type { Look } from '../look.js';

export function decideLogin({ username, sessionId }: LoginDraft, seq: number, look: Look): Decision {
  const user = look.users.named(username);
  const session = user && look.session(user.number);
  if (sessionId !== undefined && session !== undefined && session.sessionId !== sessionId) {
    return decline('SESSION_EXISTS');
  }
  const made = user === undefined ? look.users.writesFor(username, seq) : [];
  const begins = sessionId !== undefined && session === undefined;
  const number = user?.number ?? look.users.count + 1;
  return {
    outcome: { kind: 'login', created: user === undefined },
    ...(user === undefined ? { entered: username } : {}),
    writes: begins ? [...made, begin(number, sessionId, seq)] : made,
    ...(begins ? { change: { kind: 'session-begun', username, sessionId } } : {}),
  };
}

function begin(number: number, sessionId: string, seq: number): Decision['writes'][number] {
  const value = StoredSession.encode({ sessionId, sinceSeq: BigInt(seq) }).finish();
  return { table: 'sessions', key: numberKey(number), old: undefined, value };
}
