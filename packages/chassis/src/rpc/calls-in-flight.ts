import { type CallProperties, status } from '@grpc/grpc-js';

/** The calls of a channel that have no status yet. A closed channel of the transport lets them run on, at a hung peer until their deadline. */
export interface CallsInFlight {
  /** Sees every call of a client before it begins. */
  readonly track: <Request, Response>(
    call: CallProperties<Request, Response>,
  ) => CallProperties<Request, Response>;
  /** Ends them all with UNAVAILABLE, and tracks no more. */
  end(): void;
}

type Call = CallProperties<unknown, unknown>['call'];

export function createCallsInFlight(): CallsInFlight {
  const calls = new Set<Call>();
  let ended = false;
  return {
    track: (properties) => {
      const { call } = properties;
      if (!ended) {
        calls.add(call);
        call.once('status', () => calls.delete(call));
      }
      return properties;
    },
    end: () => {
      ended = true;
      for (const call of calls) call.call?.cancelWithStatus(status.UNAVAILABLE, 'the channel was closed');
      calls.clear();
    },
  };
}
