export { createRpcServer, type OpenOut, type Refusal, type RpcServer, systemClock } from '@everline/chassis';

import type { Log } from '@everline/chassis';

const nothing = (): void => undefined;
export const silent: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silent,
};
