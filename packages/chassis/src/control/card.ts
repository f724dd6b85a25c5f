/**
 * `control.json` in the data directory: who holds the lock, and the key to talk to it. It is no lock and is never believed alone: it names a process that the kernel
 * is then asked about. It is what is known of a holder that is frozen and says nothing.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Identity, parseIdentity } from './identity.js';
import { isRecord } from './lines.js';

export interface ControlCard {
  readonly identity: Identity;
  readonly kind: string;
  readonly key: string;
}

const fileName = 'control.json';

export function readCard(dataDir: string): ControlCard | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(join(dataDir, fileName), 'utf8'));
    if (!isRecord(value)) return undefined;
    const identity = parseIdentity(value.identity);
    const { kind, key } = value;
    return identity === undefined || typeof kind !== 'string' || typeof key !== 'string' || key === ''
      ? undefined
      : { identity, kind, key };
  } catch {
    // Missing or unreadable: nobody is known.
    return undefined;
  }
}

/** Only the holder of the lock writes. Readable by its user alone, for the key's sake. */
export function writeCard(dataDir: string, card: ControlCard): void {
  const path = join(dataDir, fileName);
  const draft = `${path}.${card.identity.pid}`;
  writeFileSync(draft, `${JSON.stringify(card)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}
