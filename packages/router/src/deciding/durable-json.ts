// The durable part of the state as JSON: a person can read it, and whoever finds it damaged can see how.
import type { Durable } from '@everline/protocol/configuration';
import { DamagedState } from '../configuration-store/index.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function encodeDurable(durable: Durable): Uint8Array {
  return encoder.encode(JSON.stringify(durable));
}

/** @throws DamagedState: it was written by this program (its checksum holds), so something else is wrong */
export function decodeDurable(bytes: Uint8Array): Durable {
  const value: unknown = JSON.parse(decoder.decode(bytes));
  if (!isDurable(value))
    throw new DamagedState('the state is whole but not of a form that this program knows: update it');
  return value;
}

function isDurable(value: unknown): value is Durable {
  if (!isRecord(value)) return false;
  const { configuration, reigns, events, incarnations, committed, penalties } = value;
  const known = configuration === undefined || isConfiguration(configuration);
  const lists = Array.isArray(reigns) && Array.isArray(events);
  return known && lists && isRecord(incarnations) && isRecord(committed) && isRecord(penalties);
}

function isConfiguration(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { clusterId, availableId, version, epoch, minInSync, history, inSyncIds, masters } = value;
  const names = [clusterId, availableId].every((one) => typeof one === 'string');
  const numbers = [version, epoch, minInSync, history].every((one) => Number.isSafeInteger(one));
  return names && numbers && Array.isArray(inSyncIds) && Array.isArray(masters);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
