import type { Clock } from '../clock.js';
import { type Random, systemRandom } from '../random.js';
import { type ControlAddress, controlAddress } from './address.js';
import { type ControlCard, readCard } from './card.js';
import { type Identity, lives } from './identity.js';
import { encodeLine } from './lines.js';
import { type ControlLink, createLink } from './link.js';
import { type Meeting, meet } from './meet.js';
import { isProof, prove } from './seal.js';

export interface WatchOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly random?: Random;
  /** How long a process that accepts may take to introduce itself. */
  readonly deadlineMs?: number;
  readonly addressKind?: ControlAddress['kind'];
}

/** What was found. Only `linked` and a `silent` one with a holder may be acted upon: their identity is proved, or the kernel confirms it. */
export type Watched =
  | { readonly kind: 'linked'; readonly link: ControlLink }
  /** Nobody holds the directory. */
  | { readonly kind: 'free' }
  /** It hung up at once: it is ending, or it does not trust us. */
  | { readonly kind: 'closed' }
  /** It accepts and says nothing: frozen. `holder` is the living process that its card names. */
  | { readonly kind: 'silent'; readonly holder: Identity | undefined }
  /** It did not prove the key of the directory, or speaks another language: nothing may be done to it. */
  | { readonly kind: 'unproved' };

function ifAlive(identity: Identity | undefined): Identity | undefined {
  return identity !== undefined && lives(identity) ? identity : undefined;
}

const defaultDeadlineMs = 1_000;

export async function watchControl(options: WatchOptions): Promise<Watched> {
  const { dataDir, clock, deadlineMs = defaultDeadlineMs } = options;
  const meeting = await meet(controlAddress(dataDir, options.addressKind), clock, deadlineMs);
  const card = readCard(dataDir);
  if (meeting.kind === 'silent') return { kind: 'silent', holder: ifAlive(card?.identity) };
  if (meeting.kind === 'strange') return { kind: 'unproved' };
  if (meeting.kind !== 'met') return meeting;
  if (card !== undefined) return greet(meeting, card, options);
  meeting.socket.destroy();
  return { kind: 'unproved' };
}

/** Both sides prove the key; only then are they linked. */
function greet(
  { hello, socket, receive }: Extract<Meeting, { kind: 'met' }>,
  { key, identity }: ControlCard,
  { clock, random = systemRandom, deadlineMs = defaultDeadlineMs }: WatchOptions,
): Promise<Watched> {
  const nonce = random.uuid();
  socket.write(encodeLine({ type: 'greet', nonce, proof: prove(key, 'client', hello.nonce) }));
  return new Promise((resolve) => {
    const cancel = clock.after(deadlineMs, () =>
      clock.soon(() => settle({ kind: 'silent', holder: ifAlive(identity) })),
    );
    function settle(watched: Watched): void {
      cancel();
      socket.off('close', onClose);
      if (watched.kind !== 'linked') socket.destroy();
      resolve(watched);
    }
    const onClose = (): void => settle({ kind: 'closed' });
    socket.on('close', onClose);
    receive((message) => {
      if (message.type !== 'welcome') return;
      if (!isProof(key, 'server', nonce, message.proof)) return settle({ kind: 'unproved' });
      const { link, hear } = createLink(socket, hello, clock);
      receive(hear);
      settle({ kind: 'linked', link });
    });
  });
}
