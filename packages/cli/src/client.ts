import type { Client, ConnectOptions } from '@everline/client';
import type { Context } from './context.js';
import { Ending } from './ending.js';

/** The client library is loaded on first use: most of a simple command's start would be its loading. */
export async function withClient<T>(
  context: Context,
  work: (client: Client) => Promise<T>,
  options: Partial<ConnectOptions> = {},
): Promise<T> {
  const { connect } = await import('@everline/client');
  const { settings, terminal } = context;
  try {
    await using client = connect({
      routers: settings.routers,
      timeoutMs: settings.timeoutMs,
      signal: terminal.interrupted,
      ...(settings.user !== undefined && { user: settings.user.name }),
      ...options,
    });
    return await work(client);
  } catch (error) {
    throw await endingOf(error, context);
  }
}

/** What the client library threw, as the end of a command; anything else as it is. */
export async function endingOf(error: unknown, { terminal }: Pick<Context, 'terminal'>): Promise<unknown> {
  const { Closed, Gap, Refused, Unknown, Unreachable } = await import('@everline/client');
  if (terminal.interrupted.aborted) return Ending.interrupted();
  if (error instanceof Refused) return Ending.refused(error.message, { cause: error, reason: error.reason });
  if (error instanceof Gap) return Ending.refused(error.message, { cause: error, reason: 'GAP' });
  if (error instanceof Unknown && error.cause instanceof Refused && error.cause.reason === 'USER_UNKNOWN') {
    // Nobody removes users: one that is unknown now has never posted anything.
    return Ending.refused(error.cause.message, { cause: error, reason: error.cause.reason });
  }
  if (error instanceof Unreachable)
    return Ending.unreachable(error.message, { cause: error, reason: 'UNREACHABLE' });
  if (error instanceof Unknown) return Ending.unreachable(error.message, { cause: error, reason: 'UNKNOWN' });
  if (error instanceof Closed) return Ending.unreachable(error.message, { cause: error });
  return error;
}
