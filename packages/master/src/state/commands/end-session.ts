import type { Decision } from '../decision.js';
import type { EndSessionDraft } from '../draft.js';
import { numberKey } from '../keys.js';
import type { Look } from '../look.js';

/** A session that is over already stays so: whoever asked has what was wanted. */
export function decideEndSession({ username, sessionId }: EndSessionDraft, look: Look): Decision {
  const user = look.users.named(username);
  const session = user && look.session(user.number);
  if (user === undefined || session?.sessionId !== sessionId)
    return { outcome: { kind: 'done' }, writes: [] };
  return {
    outcome: { kind: 'done' },
    writes: [{ table: 'sessions', key: numberKey(user.number), old: session.stored, value: undefined }],
    change: { kind: 'session-ended', username, sessionId },
  };
}
