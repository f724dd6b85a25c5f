/**
 * What is said on a control socket, a line each.
 *
 *   server → client   hello (at once), welcome, state (when it changes), pong, answer, event
 *   client → server   greet (proves the key, see seal.ts), ping, request
 */
import { type Identity, parseIdentity } from './identity.js';
import { isRecord, type Message } from './lines.js';

export const protocolVersion = 1;

/** What a process wants its watchdog to know of it: small, flat, the newest replaces the one before. */
export type Facts = Readonly<Record<string, string | number | boolean>>;
export type Body = Readonly<Record<string, unknown>>;

export interface ControlState {
  /** W8 */
  readonly ready: boolean;
  readonly facts: Facts;
}

export interface Hello extends ControlState {
  readonly nonce: string;
  readonly kind: string;
  readonly identity: Identity;
}

export function helloMessage(hello: Hello): Message {
  return { type: 'hello', version: protocolVersion, ...hello };
}

export function parseHello(message: Message): Hello | undefined {
  const { nonce, kind } = message;
  const identity = parseIdentity(message.identity);
  const state = parseState(message);
  if (message.type !== 'hello' || message.version !== protocolVersion) return undefined;
  if (typeof nonce !== 'string' || typeof kind !== 'string') return undefined;
  return identity === undefined || state === undefined ? undefined : { nonce, kind, identity, ...state };
}

export function parseState(message: Message): ControlState | undefined {
  const { ready, facts } = message;
  return typeof ready === 'boolean' && isFacts(facts) ? { ready, facts } : undefined;
}

export function isFacts(value: unknown): value is Facts {
  return (
    isRecord(value) &&
    Object.values(value).every((fact) => ['string', 'number', 'boolean'].includes(typeof fact))
  );
}
