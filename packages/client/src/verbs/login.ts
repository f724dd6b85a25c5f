import type { LoginResponse } from '@everline/contracts';
import { callSns } from '../calls/sns-call.js';
import type { LoggedIn, LoginOptions } from '../client.js';
import type { Context } from '../context.js';

export async function login(
  context: Context,
  username: string,
  options: LoginOptions = {},
): Promise<LoggedIn> {
  // C1
  const requestId = options.requestId ?? context.random.uuidv7(context.clock.wallMs());
  const { exclusive = false, sessionId = '' } = options;
  const request = { username, exclusive, sessionId, password: '', requestId };
  const answer = await callSns<LoginResponse>(
    context,
    { id: requestId, send: (sns, ...rest) => sns.login(request, ...rest) },
    options,
  );
  return { sessionId: answer.sessionId === '' ? undefined : answer.sessionId, created: answer.created };
}
