/** Writes down a .proto file as its compiled descriptor. Field numbers are those of google/protobuf/descriptor.proto. */
import { message, type Value } from '../../protobuf/fields.js';

const types = { int64: 3, int32: 5, string: 9, message: 11, bytes: 12, enum: 14 } as const;
const label = { optional: 1, repeated: 3 } as const;

export type FieldType = keyof typeof types;
export type Part = readonly [number, Value];

export interface FieldOptions {
  readonly repeated?: true;
  /** It belongs to the one oneof of its message. */
  readonly oneof?: true;
  /** The full name of its message or enum. */
  readonly of?: string;
}

export function file(name: string, scope: string, ...parts: readonly Part[]): Part {
  return [1, message([1, name], [2, scope], ...parts, [12, 'proto3'])];
}

export function imports(name: string): Part {
  return [3, name];
}

export function type(name: string, ...parts: readonly Part[]): Part {
  return [4, definition(name, parts)];
}

export function field(name: string, number: number, kind: FieldType, options: FieldOptions = {}): Part {
  const { repeated, oneof, of } = options;
  return [
    2,
    message(
      [1, name],
      [3, number],
      [4, repeated ? label.repeated : label.optional],
      [5, types[kind]],
      ...(of === undefined ? [] : [[6, `.${of}`] as const]),
      ...(oneof ? [[9, 0n] as const] : []),
    ),
  ];
}

export function oneof(name: string): Part {
  return [8, message([1, name])];
}

/** The entry type of a map of strings, to stand inside the message that has the map. */
export function textMapEntry(name: string): Part {
  const mapEntry = message([7, 1]);
  return [3, definition(name, [field('key', 1, 'string'), field('value', 2, 'string'), [7, mapEntry]])];
}

/** An enum inside a message; its values are numbered from 0. */
export function enumInside(name: string, ...values: readonly string[]): Part {
  return [
    4,
    message(
      [1, name],
      ...values.map((value, number) => [2, message([1, value], [2, BigInt(number)])] as const),
    ),
  ];
}

export function service(name: string, ...methods: readonly Part[]): Part {
  return [6, definition(name, methods)];
}

export interface MethodOptions {
  readonly request: string;
  readonly response: string;
  readonly requestStream?: true;
  readonly responseStream?: true;
}

export function method(name: string, options: MethodOptions): Part {
  const { request, response, requestStream, responseStream } = options;
  const streams = [
    [5, Number(requestStream ?? false)],
    [6, Number(responseStream ?? false)],
  ] as const;
  return [2, message([1, name], [2, `.${request}`], [3, `.${response}`], ...streams)];
}

function definition(name: string, parts: readonly Part[]): Buffer {
  return message([1, name], ...parts);
}
