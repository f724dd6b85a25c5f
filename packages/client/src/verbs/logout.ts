import type { LogoutResponse } from '@everline/contracts';
import { callSns } from '../calls/sns-call.js';
import type { CallOptions } from '../client.js';
import type { Context } from '../context.js';

/** The session's id makes a repetition harmless. */
export async function logout(
  context: Context,
  username: string,
  sessionId: string,
  options: CallOptions = {},
): Promise<void> {
  const request = { username, sessionId };
  await callSns<LogoutResponse>(
    context,
    { id: sessionId, send: (sns, ...rest) => sns.logout(request, ...rest) },
    options,
  );
}
