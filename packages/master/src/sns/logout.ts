import type { UnaryHandler } from '@everline/chassis';
import type { LogoutRequest, LogoutResponse } from '@everline/contracts';
import { idIn, nameIn } from './fields.js';
import { reignOf, type Services } from './services.js';

export function logout(services: Services): UnaryHandler<LogoutRequest, LogoutResponse> {
  return async (request, context) => {
    const username = nameIn('username', request.username);
    const sessionId = idIn('session_id', request.sessionId);
    const reign = await reignOf(services, context);
    await services.sessions.end(reign, { username, sessionId }, context.signal);
    return {};
  };
}
