import { CallCredentials, ChannelCredentials } from '@grpc/grpc-js';

type Connector = ReturnType<ChannelCredentials['_createSecureConnector']>;

/**
 * Without encryption, and without a dial after the channel was closed. grpc-js lets the back-off of a closed channel run out and then dials once
 * more; a peer that has come back by then would be connected for good with nobody.
 */
export class Plaintext extends ChannelCredentials {
  override _isSecure(): boolean {
    return false;
  }

  override _equals(other: ChannelCredentials): boolean {
    return other === this;
  }

  override _createSecureConnector(
    ...[, , given]: Parameters<ChannelCredentials['_createSecureConnector']>
  ): Connector {
    const callCredentials = given ?? CallCredentials.createEmpty();
    let closed = false;
    return {
      connect: (socket) => Promise.resolve({ socket, secure: false }),
      // Asked before every dial.
      waitForReady: () => (closed ? Promise.reject(new Error('the channel is closed')) : Promise.resolve()),
      getCallCredentials: () => callCredentials,
      destroy: () => {
        closed = true;
      },
    };
  }
}
