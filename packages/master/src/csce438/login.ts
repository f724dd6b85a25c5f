import type { UnaryHandler } from '@everline/chassis';
import type { csce438 } from '@everline/contracts';
import { nameIn } from '../sns/fields.js';
import { granted, reignOf, type Services } from '../sns/services.js';

export function login(services: Services): UnaryHandler<csce438.Request, csce438.Reply> {
  const { random, clock } = services;
  return async (request, context) => {
    const username = nameIn('username', request.username);
    const reign = await reignOf(services, context);
    const draft = { kind: 'login', id: random.uuidv7(clock.wallMs()), username } as const;
    const done = granted((await reign.propose(draft, context.signal)).outcome);
    const created = done.kind === 'login' && done.created;
    return { msg: created ? 'Login Successful!' : `Welcome Back ${username}` };
  };
}
