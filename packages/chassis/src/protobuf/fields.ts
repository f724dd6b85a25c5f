import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The value of a field as the wire has it: bytes for strings and messages, a number for 32-bit varints. */
export type Field = { readonly number: number } & (
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'varint'; readonly value: number }
);

const utf8 = new TextDecoder();

/**
 * The fields of a message one after another, for the few messages that every process speaks (errors, health, reflection) without generated code.
 * Varints are taken modulo 2^32; other wire types are skipped.
 * @throws Error when the bytes are no message.
 */
export function* fieldsOf(message: Uint8Array): Generator<Field, void, undefined> {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (type === WireType.LengthDelimited) yield { number, kind: 'bytes', bytes: reader.bytes() };
    else if (type === WireType.Varint)
      yield { number, kind: 'varint', value: Number(BigInt.asUintN(32, BigInt(reader.uint64()))) };
    else reader.skip(type, number);
  }
}

/** All values of one bytes field. */
export function bytesOf(message: Uint8Array, number: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const field of fieldsOf(message))
    if (field.kind === 'bytes' && field.number === number) found.push(field.bytes);
  return found;
}

/** All values of one string field. */
export function textsOf(message: Uint8Array, number: number): string[] {
  return bytesOf(message, number).map((bytes) => utf8.decode(bytes));
}

/** The last value of a string field, as proto3 has it: "" when it is missing. */
export function textOf(message: Uint8Array, number: number): string {
  return textsOf(message, number).at(-1) ?? '';
}

/** The last value of a varint field; 0 when it is missing. */
export function numberOf(message: Uint8Array, number: number): number {
  let found = 0;
  for (const field of fieldsOf(message))
    if (field.kind === 'varint' && field.number === number) found = field.value;
  return found;
}

/** What a field of a message to be written holds. "" and 0 are left out, as proto3 does; a nested message and 0n are written. */
export type Value = string | number | bigint | Uint8Array;

/** A message from `[field number, value]` pairs. */
export function message(...parts: readonly (readonly [number, Value])[]): Buffer {
  const writer = new BinaryWriter();
  for (const [number, value] of parts) {
    if (typeof value === 'number' || typeof value === 'bigint') {
      if (value !== 0) writer.tag(number, WireType.Varint).int64(value);
    } else if (typeof value === 'string') {
      if (value !== '') writer.tag(number, WireType.LengthDelimited).string(value);
    } else writer.tag(number, WireType.LengthDelimited).bytes(value);
  }
  const bytes = writer.finish();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
