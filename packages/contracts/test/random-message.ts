import fc, { type Arbitrary } from 'fast-check';
import protobuf from 'protobufjs';

type Message = Record<string, unknown>;

/** Random messages of a type, as `Type.fromObject` takes them: fields absent, empty, at their bounds, of every script. */
export function arbitraryOf(type: protobuf.Type, depth = 0): Arbitrary<Message> {
  const alone = type.fieldsArray.filter((field) => !field.partOf);
  const fields = alone.map((field) => optional(field.name, valueFor(field, depth)));
  const choices = type.oneofsArray.map((oneof) =>
    fc.oneof(
      fc.constant({}),
      ...oneof.fieldsArray.map((field) => optional(field.name, valueFor(field, depth))),
    ),
  );
  return fc.tuple(...fields, ...choices).map((parts) => Object.assign({}, ...parts) as Message);
}

function optional(name: string, value: Arbitrary<unknown>): Arbitrary<Message> {
  return fc.oneof(
    fc.constant({}),
    value.map((v) => ({ [name]: v })),
  );
}

function valueFor(field: protobuf.Field, depth: number): Arbitrary<unknown> {
  if (field instanceof protobuf.MapField) return fc.dictionary(text, single(field, depth), { maxKeys: 3 });
  const one = single(field, depth);
  return field.repeated ? fc.array(one, { maxLength: 3 }) : one;
}

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

function single(field: protobuf.Field, depth: number): Arbitrary<unknown> {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Enum) return fc.constantFrom(...Object.values(resolvedType.values));
  if (resolvedType) return depth > 2 ? fc.constant({}) : arbitraryOf(resolvedType, depth + 1);
  switch (field.type) {
    case 'string':
      return text;
    case 'bytes':
      return fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
    case 'bool':
      return fc.boolean();
    case 'uint64':
      return uint64.map(String);
    case 'int64':
      return int64.map(String);
    case 'int32':
      return fc.integer();
    case 'uint32':
    case 'fixed32':
      return fc.integer({ min: 0, max: 2 ** 32 - 1 });
    default:
      throw new Error(`no random values for ${field.type} yet (${field.fullName})`);
  }
}
