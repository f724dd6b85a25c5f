import type { Socket } from 'node:net';
import type { Clock } from '../clock.js';
import type { Identity } from './identity.js';
import { encodeLine, isRecord, type Message } from './lines.js';
import { type Body, type ControlState, type Hello, parseState } from './messages.js';

/**
 * The other end of a control socket: what a watchdog, a guardian or a person's command holds a running process by.
 * Its closing is the first sign of the process' death (W3).
 */
export interface ControlLink extends Disposable {
  readonly identity: Identity;
  readonly kind: string;
  state(): ControlState;
  /** Answered by the main loop of the process, or not at all. */
  ping(): void;
  /** Rejects with the sentence of the process, when the link closes, and after the deadline. */
  request(name: string, body: Body, deadlineMs: number): Promise<Body>;
  on(hear: LinkEvents): void;
  readonly closed: boolean;
}

/** Called synchronously, in the order of what happens. */
export interface LinkEvents {
  onPong?(): void;
  onState?(state: ControlState): void;
  onEvent?(name: string, body: Body): void;
  onClosed?(): void;
}

interface Waiting {
  resolve(body: Body): void;
  reject(error: Error): void;
}

interface LinkEnd {
  readonly link: ControlLink;
  hear(message: Message): void;
}

export function createLink(socket: Socket, hello: Hello, clock: Clock): LinkEnd {
  const listeners: LinkEvents[] = [];
  const waiting = new Map<number, Waiting>();
  let state: ControlState = { ready: hello.ready, facts: hello.facts };

  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('the process hung up'));
    for (const { onClosed } of listeners) onClosed?.();
  });

  const link: ControlLink = {
    identity: hello.identity,
    kind: hello.kind,
    state: () => state,
    ping: () => void socket.write(encodeLine({ type: 'ping' })),
    request: createRequest(socket, waiting, clock),
    on: (hears) => {
      listeners.push(hears);
      if (socket.destroyed) hears.onClosed?.();
    },
    get closed() {
      return socket.destroyed;
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
  return {
    link,
    hear: (message) => {
      if (message.type === 'state') state = parseState(message) ?? state;
      if (message.type === 'answer') settleRequest(waiting, message);
      else for (const listener of listeners) tell(listener, message, state);
    },
  };
}

function tell(listener: LinkEvents, message: Message, state: ControlState): void {
  const { type, name, body } = message;
  if (type === 'pong') listener.onPong?.();
  if (type === 'state') listener.onState?.(state);
  if (type === 'event' && typeof name === 'string' && isRecord(body)) listener.onEvent?.(name, body);
}

function createRequest(socket: Socket, waiting: Map<number, Waiting>, clock: Clock): ControlLink['request'] {
  let lastId = 0;
  return (name, body, deadlineMs) =>
    new Promise<Body>((resolve, reject) => {
      const id = ++lastId;
      const finish = (settle: () => void): void => {
        cancel();
        waiting.delete(id);
        settle();
      };
      const late = new Error(`no answer to ${name} within ${deadlineMs} ms`);
      const cancel = clock.after(deadlineMs, () => finish(() => reject(late)));
      waiting.set(id, {
        resolve: (answer) => finish(() => resolve(answer)),
        reject: (error) => finish(() => reject(error)),
      });
      if (socket.destroyed) waiting.get(id)?.reject(new Error('the process hung up'));
      else socket.write(encodeLine({ type: 'request', id, name, body }));
    });
}

function settleRequest(waiting: ReadonlyMap<number, Waiting>, message: Message): void {
  const request = typeof message.id === 'number' ? waiting.get(message.id) : undefined;
  if (request === undefined) return;
  if (message.ok === true && isRecord(message.body)) request.resolve(message.body);
  else request.reject(new Error(typeof message.error === 'string' ? message.error : 'refused'));
}
