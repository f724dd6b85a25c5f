/**
 * The control socket of a process: its lock on the data directory (W2), the place where it is pinged (W4), where it says that it is ready (W8), and where it is asked to stop.
 */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Clock } from '../clock.js';
import { ExitWith } from '../exit-with.js';
import { type Random, systemRandom } from '../random.js';
import { type ControlAddress, controlAddress } from './address.js';
import { readCard, writeCard } from './card.js';
import { claim } from './claim.js';
import { finishRotation } from './finish-rotation.js';
import { type Identity, identify } from './identity.js';
import type { ControlState, Facts } from './messages.js';
import { createPeers, type Peers, type RequestHandler } from './peers.js';

export interface ControlOptions {
  /** Made when it does not exist, for its owner alone. */
  readonly dataDir: string;
  /** What runs here, in a word for people: `master`, `router`. */
  readonly kind: string;
  /** `instance` is new for every start; the rest are the first facts (a master: `masterId`, `incarnation`). */
  readonly identity: { readonly instance: string } & Facts;
  readonly clock: Clock;
  readonly random?: Random;
  readonly log?: { warn(fields: object, message: string): void };
  /** W6, for who may not send signals. Without it a stop request is a SIGTERM to ourselves. */
  readonly onStop?: () => void;
  /** Further requests that this process answers. */
  readonly requests?: Readonly<Record<string, RequestHandler>>;
  /** For the tests of the other kind. */
  readonly addressKind?: ControlAddress['kind'];
}

export interface Control extends AsyncDisposable {
  readonly identity: Identity;
  /** W8: we do what we are here for. Said once; facts may come with it. */
  ready(facts?: Facts): void;
  /** Replaces the facts that are named, and tells everybody who watches. */
  update(facts: Facts): void;
}

export type Opening =
  | { readonly held: true; readonly control: Control }
  | { readonly held: false; readonly holder: Identity | undefined };

/** @throws ExitWith 75 when another process holds the directory; the sentence names it. */
export async function openControl(options: ControlOptions): Promise<Control> {
  const opening = await tryOpenControl(options);
  if (opening.held) return opening.control;
  const who = opening.holder === undefined ? 'a process that does not answer' : `pid ${opening.holder.pid}`;
  throw new ExitWith(75, `another ${options.kind} runs on ${options.dataDir}: ${who}`);
}

/** The same, for who has something else to do when the lock is taken. */
export async function tryOpenControl(options: ControlOptions): Promise<Opening> {
  const { dataDir, kind, clock, random = systemRandom } = options;
  const { instance, ...firstFacts } = options.identity;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const identity = identify(process.pid, instance);
  if (identity === undefined) throw new Error('the process table does not show this process');
  let state: ControlState = { ready: false, facts: firstFacts };
  const key = readCard(dataDir)?.key ?? `${random.uuid()}${random.uuid()}`;
  const peers = createPeers({
    key,
    clock,
    random,
    requests: { stop: stopHandler(options), 'finish-rotation': finishRotation, ...options.requests },
    kind,
    identity,
    state: () => state,
  });
  const server = createServer((socket) => peers.admit(socket));
  const claimed = await claim(server, controlAddress(dataDir, options.addressKind), dataDir, clock);
  if (!claimed.held) return claimed;
  try {
    writeCard(dataDir, { identity, kind, key });
  } catch (error) {
    // A full disk stops nobody: with a card from an earlier start the key is known, and without one nobody can watch this process.
    options.log?.warn({ error }, 'control.json could not be written');
  }
  server.on('error', (error) => options.log?.warn({ error }, 'control socket'));

  function change(next: Partial<ControlState>): void {
    state = { ready: next.ready ?? state.ready, facts: { ...state.facts, ...next.facts } };
    peers.tellState(state);
  }
  const control: Control = {
    identity,
    ready: (facts = {}) => change({ ready: true, facts }),
    update: (facts) => change({ facts }),
    [Symbol.asyncDispose]: () => close(server, peers),
  };
  return { held: true, control };
}

function stopHandler({ onStop }: ControlOptions): RequestHandler {
  return () => {
    if (onStop === undefined) process.kill(process.pid, 'SIGTERM');
    else onStop();
    return {};
  };
}

function close(server: ReturnType<typeof createServer>, peers: Peers): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    peers.closeAll();
  });
}
