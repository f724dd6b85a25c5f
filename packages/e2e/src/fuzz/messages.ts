import type protobuf from 'protobufjs';
import type { Chance } from './chance.js';

const deepest = 4;
const wholeNumbers = [0, 1, -1, 2, 7, 127, 128, 1_000, 65_535, 2 ** 31 - 1, -(2 ** 31), 2 ** 32 - 1];
const longNumbers = [...wholeNumbers, 2 ** 32, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];

/** A message of the type, its fields drawn from what may mean something here and from what should not. */
export function someMessage(
  type: protobuf.Type,
  chance: Chance,
  words: readonly string[],
  depth = 0,
): object {
  const message: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    if (!chance.percent(75) || (depth >= deepest && field.resolvedType !== null)) continue;
    if (field.partOf?.fieldsArray.some(({ name }) => name in message)) continue;
    const value = (): unknown => someValue(field, chance, words, depth);
    if (field.map) message[field.name] = { [someText(chance, words)]: value() };
    else if (field.repeated) message[field.name] = Array.from({ length: chance.below(4) }, value);
    else message[field.name] = value();
  }
  return message;
}

function someValue(field: protobuf.Field, chance: Chance, words: readonly string[], depth: number): unknown {
  const { resolvedType, type } = field;
  if (resolvedType !== null && 'fieldsArray' in resolvedType)
    return someMessage(resolvedType, chance, words, depth + 1);
  if (resolvedType !== null) return chance.below(12) - 1;
  if (type === 'string') return someText(chance, words);
  if (type === 'bytes') return chance.bytes(chance.below(64));
  // Everybody's data may be lost by this one, on purpose; who may say so is a matter of the network.
  if (type === 'bool') return field.name !== 'acceptDataLoss' && chance.percent(50);
  return chance.pick(type.includes('64') ? longNumbers : wholeNumbers);
}

function someText(chance: Chance, words: readonly string[]): string {
  switch (chance.below(8)) {
    case 0:
      return '';
    case 1:
      return 'x'.repeat(chance.pick([31, 32, 33, 255, 4_096, 4_097, 70_000]));
    case 2:
      return chance.pick([
        '\u0000',
        '\u001b[2J',
        '\u202e',
        '\ufeff',
        '𝔘👩‍👩‍👧',
        '__proto__',
        'constructor',
        '..',
        '/',
        '%00',
        'A B',
      ]);
    case 3:
      return chance.bytes(chance.below(40)).toString('latin1');
    case 4:
      return '019a0000-0000-7000-8000-00000000000'.concat(String(chance.below(10)));
    default:
      return chance.pick(words);
  }
}

/** Mostly as it is; else damaged somewhere. */
export function damaged(bytes: Buffer, chance: Chance): Buffer {
  const copy = Buffer.from(bytes);
  switch (chance.below(10)) {
    case 0:
      for (let flips = chance.below(4); flips >= 0 && copy.length > 0; flips -= 1) {
        const at = chance.below(copy.length);
        copy[at] = (copy[at] ?? 0) ^ (1 << chance.below(8));
      }
      return copy;
    case 1:
      return copy.subarray(0, chance.below(copy.length + 1));
    case 2:
      return Buffer.concat([copy, chance.bytes(chance.below(20))]);
    case 3:
      return chance.bytes(chance.below(200));
    default:
      return copy;
  }
}
