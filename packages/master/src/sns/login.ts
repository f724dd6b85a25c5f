import type { UnaryHandler } from '@everline/chassis';
import type { LoginRequest, LoginResponse } from '@everline/contracts';
import { idIn, idOrNew, nameIn } from './fields.js';
import { granted, reignOf, type Services } from './services.js';

export function login(services: Services): UnaryHandler<LoginRequest, LoginResponse> {
  const { random, clock, sessions } = services;
  return async (request, context) => {
    const username = nameIn('username', request.username);
    const id = idOrNew('request_id', request.requestId, random, clock.wallMs());
    const { signal } = context;
    const reign = await reignOf(services, context);
    if (!request.exclusive) {
      const done = granted((await reign.propose({ kind: 'login', id, username }, signal)).outcome);
      return { sessionId: '', created: done.kind === 'login' && done.created, token: '' };
    }
    // A retry of the same login means the same session (M15).
    const sessionId = request.sessionId === '' ? id : idIn('session_id', request.sessionId);
    const created = await sessions.begin(reign, { username, sessionId, id }, signal);
    return { sessionId, created, token: '' };
  };
}
