import type { Peer, Reign } from './replica.js';

export function newPeer(masterId: string, nextSeq: number, nowMs: number): Peer {
  return {
    masterId,
    incarnation: '',
    matchSeq: 0,
    nextSeq,
    leaseFromMs: Number.NEGATIVE_INFINITY,
    leaseMs: Number.POSITIVE_INFINITY,
    caughtUpAtMs: nowMs,
    goalSeq: nextSeq - 1,
    goalAtMs: nowMs,
    rewoundAtMs: Number.NEGATIVE_INFINITY,
    lagged: 0,
    barredUntilMs: Number.NEGATIVE_INFINITY,
    leaving: false,
    stream: 'none',
    brokenAtMs: Number.POSITIVE_INFINITY,
  };
}

export function peerOf(reign: Reign, masterId: string): Peer | undefined {
  for (const peer of reign.peers) if (peer.masterId === masterId) return peer;
  return undefined;
}

/** The reign with this peer in the place of the one of the same id. */
export function withPeer<R extends Reign>(reign: R, peer: Peer): R {
  const known = reign.peers.some(({ masterId }) => masterId === peer.masterId);
  const peers = known
    ? reign.peers.map((other) => (other.masterId === peer.masterId ? peer : other))
    : [...reign.peers, peer];
  return { ...reign, peers };
}
