import type { LoginResponse } from '@everline/contracts';
import { callSns } from '../calls/sns-call.js';
import type { LoggedIn, LoginOptions } from '../client.js';
import type { Context } from '../context.js';

export async function login(
  context: Context,
  username: string,
  options: LoginOptions = {},
): Promise<LoggedIn> {
  const { clock, random } = context;
  // C1: the command's id, and the session's, too, so that a retry goes on with the session that an earlier try began.
  const requestId = options.requestId ?? random.uuidv7(clock.wallMs());
  const { exclusive = false, sessionId = exclusive ? random.uuid() : '' } = options;
  const request = { username, exclusive, sessionId, password: '', requestId };
  const answer = await callSns<LoginResponse>(
    context,
    { id: requestId, send: (sns, ...rest) => sns.login(request, ...rest) },
    options,
  );
  return { sessionId: answer.sessionId === '' ? undefined : answer.sessionId, created: answer.created };
}
