import { RpcFailed } from '@everline/chassis/errors';

/** Why there is no connection, in a phrase for people. */
export function troubleOf(error: unknown): string {
  if (error instanceof RpcFailed) return error.details;
  return error instanceof Error ? error.message : String(error);
}
