/**
 * The server's end of a control socket. Hostile input is harmless: who has not proved the key is told who we are and nothing more, is obeyed in nothing,
 * and takes the place of nobody who has; lines are bounded, and so is what waits to be read by a peer that does not read.
 */
import type { Socket } from 'node:net';
import type { Clock } from '../clock.js';
import type { Random } from '../random.js';
import type { Identity } from './identity.js';
import { createLineReader, encodeLine, isRecord, type Message } from './lines.js';
import { type Body, type ControlState, helloMessage } from './messages.js';
import { isProof, prove } from './seal.js';

/** A client that has proved the key. */
export interface ControlPeer {
  /** When its last ping arrived, or it was greeted. */
  heardAtMs(): number;
  tell(name: string, body: Body): void;
  onClosed(closed: () => void): void;
  close(): void;
}

/** Answers a request; what it throws is told to the peer as a sentence. */
export type RequestHandler = (body: Body, peer: ControlPeer) => Body | Promise<Body>;

export interface PeersOptions {
  readonly key: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly requests: Readonly<Record<string, RequestHandler>>;
  /** Who we are. */
  readonly kind: string;
  readonly identity: Identity;
  /** Another object after every change. */
  state(): ControlState;
}

/** A watchdog, its guardian, a few people. */
const maxPeers = 32;
/** Those who have not greeted yet; the oldest gives way, so that nobody can keep the others out by coming and saying nothing. */
const maxStrangers = 8;
const maxUnreadBytes = 256 * 1024;

export interface Peers {
  admit(socket: Socket): void;
  tellState(state: ControlState): void;
  closeAll(): void;
}

export function createPeers(options: PeersOptions): Peers {
  const strangers = new Set<Socket>();
  const peers = new Set<Socket>();

  function admit(socket: Socket): void {
    const [oldest] = strangers;
    if (strangers.size >= maxStrangers) oldest?.destroy();
    strangers.add(socket);
    const nonce = options.random.uuid();
    const introduced = options.state();
    let heard = greeting;
    let peer: PeerState | undefined;

    function greeting(message: Message): void {
      const proved = message.type === 'greet' && isProof(options.key, 'client', nonce, message.proof);
      const theirs = message.nonce;
      if (!proved || typeof theirs !== 'string' || peers.size >= maxPeers) return void socket.destroy();
      strangers.delete(socket);
      peers.add(socket);
      peer = createPeer(socket, options);
      heard = peer.heard;
      send(socket, { type: 'welcome', proof: prove(options.key, 'server', theirs) });
      // W8: what changed between the hello and the greeting was told to those who were peers by then, and to nobody else.
      if (options.state() !== introduced) send(socket, { type: 'state', ...options.state() });
    }

    const reader = createLineReader((message) => heard(message));
    socket.on('data', (chunk) => {
      if (!reader.push(chunk)) socket.destroy();
    });
    // The close that follows says all there is to say.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      strangers.delete(socket);
      peers.delete(socket);
      peer?.closed();
    });
    send(socket, helloMessage({ nonce, kind: options.kind, identity: options.identity, ...introduced }));
  }

  return {
    admit,
    tellState: (state) => {
      for (const socket of peers) send(socket, { type: 'state', ...state });
    },
    closeAll: () => {
      for (const socket of [...strangers, ...peers]) socket.destroy();
    },
  };
}

interface PeerState {
  heard(message: Message): void;
  closed(): void;
}

function createPeer(socket: Socket, { clock, requests }: PeersOptions): PeerState {
  let heardAtMs = clock.nowMs();
  const onClosed: (() => void)[] = [];
  const peer: ControlPeer = {
    heardAtMs: () => heardAtMs,
    tell: (name, body) => send(socket, { type: 'event', name, body }),
    onClosed: (closed) => void (socket.destroyed ? closed() : onClosed.push(closed)),
    close: () => socket.destroySoon(),
  };

  async function answer({ id, name, body }: Message): Promise<void> {
    const handler = typeof name === 'string' && Object.hasOwn(requests, name) ? requests[name] : undefined;
    try {
      if (handler === undefined) throw new Error(`this process does not know the request ${String(name)}`);
      const result = await handler(isRecord(body) ? body : {}, peer);
      send(socket, { type: 'answer', id, ok: true, body: result });
    } catch (error) {
      send(socket, {
        type: 'answer',
        id,
        ok: false,
        error: error instanceof Error ? error.message : 'failed',
      });
    }
  }

  return {
    heard: (message) => {
      if (message.type === 'ping') {
        heardAtMs = clock.nowMs();
        // W4: answered here, by the main loop, and by nothing that could go on without it.
        send(socket, { type: 'pong', n: message.n });
      } else if (message.type === 'request') {
        void answer(message);
      }
    },
    closed: () => {
      for (const closed of onClosed.splice(0)) closed();
    },
  };
}

function send(socket: Socket, message: Message): void {
  if (socket.destroyed || !socket.writable) return;
  socket.write(encodeLine(message));
  if (socket.writableLength > maxUnreadBytes) socket.destroy();
}
