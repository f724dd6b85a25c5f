import { BinaryReader } from '@bufbuild/protobuf/wire';
import { status } from '@grpc/grpc-js';
import { chassisReasons, Refusal } from '../../errors.js';

/**
 * Stands for a request that could not be read. The transport would turn a throw here into INTERNAL and tell nobody, so it travels as a value to the handler wrapper.
 */
export class Undecodable {
  readonly refusal: Refusal;

  constructor(cause: unknown) {
    const why = isInvalidText(cause)
      ? 'a string in the request is not valid UTF-8'
      : 'the request is not a message of this method';
    this.refusal = new Refusal(status.INVALID_ARGUMENT, chassisReasons.messageInvalid, why, { cause });
  }
}

/** What a fatal TextDecoder throws. */
function isInvalidText(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
  );
}

type Deserialize<T> = (bytes: Buffer) => T;

const strictText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const decodeStrictly = (bytes: Uint8Array): string => strictText.decode(bytes);

/**
 * The decoder of a method, made to refuse what the contract forbids. Generated decoders replace invalid UTF-8 silently, as their reader does by default;
 * they also accept a reader instead of bytes, so they get one that is strict. It costs nothing: they would make a reader themselves.
 */
export function checkedDeserialize<T>(deserialize: Deserialize<T>): Deserialize<T | Undecodable> {
  const strict = takesReader(deserialize);
  return (bytes) => {
    try {
      return deserialize(strict ? asBuffer(new BinaryReader(bytes, decodeStrictly)) : bytes);
    } catch (error) {
      return new Undecodable(error);
    }
  };
}

/**
 * Whether it reads from the reader that it is given: a decoder that was written by hand, or generated for another copy of the reader's library, does not.
 * Tried with an unknown field, which every decoder skips.
 */
function takesReader(deserialize: Deserialize<unknown>): boolean {
  const unknownField = Uint8Array.of(0xf8, 0xff, 0xff, 0xff, 0x0f, 0);
  const reader = new BinaryReader(unknownField);
  try {
    deserialize(asBuffer(reader));
  } catch {
    return false;
  }
  return reader.pos === unknownField.length;
}

/** The type says bytes; `MessageFns.decode` takes `BinaryReader | Uint8Array`. */
function asBuffer(reader: BinaryReader): Buffer {
  return reader as unknown as Buffer;
}

/** Encoded answers pass as they are. The transport ends the call when this throws, and tells nobody why: `failed` does. */
export function passingSerialize<T>(
  serialize: (value: T) => Buffer,
  failed: (error: unknown) => void,
): (value: T | Uint8Array) => Buffer {
  return (value) => {
    try {
      if (!(value instanceof Uint8Array)) return serialize(value);
      return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    } catch (error) {
      failed(error);
      throw error;
    }
  };
}
