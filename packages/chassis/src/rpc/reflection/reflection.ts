/**
 * grpc.reflection.v1 and v1alpha, which differ in the name alone
 * (https://github.com/grpc/grpc-proto/blob/master/grpc/reflection/v1/reflection.proto).
 */
import { status } from '@grpc/grpc-js';
import { fieldsOf, message, numberOf, textOf } from '../../protobuf/fields.js';
import type { BidiCallbacks, Handlers } from '../handlers.js';
import type { DescriptorFile, Descriptors } from './descriptors.js';

/** A ServerReflectionRequest; `kind` is the field number of its oneof. */
interface Question {
  readonly bytes: Buffer;
  readonly host: string;
  readonly kind: number;
  readonly value: Uint8Array;
  /** What `value` says when it asks for an extension. */
  readonly extension: { readonly type: string; readonly number: number } | undefined;
}

const kinds = {
  fileByName: 3,
  fileOfSymbol: 4,
  fileOfExtension: 5,
  extensionNumbers: 6,
  services: 7,
} as const;
const utf8 = new TextDecoder();

function definition<const P extends string>(service: P) {
  return {
    serverReflectionInfo: {
      path: `/${service}/ServerReflectionInfo`,
      requestStream: true,
      responseStream: true,
      requestSerialize: (question: Question): Buffer => question.bytes,
      requestDeserialize: question,
      responseSerialize: (bytes: Buffer): Buffer => bytes,
      responseDeserialize: (bytes: Buffer): Buffer => bytes,
    },
  } as const;
}

export const reflectionServices = [
  definition('grpc.reflection.v1.ServerReflection'),
  definition('grpc.reflection.v1alpha.ServerReflection'),
] as const;

function question(bytes: Buffer): Question {
  let kind = 0;
  let value: Uint8Array = new Uint8Array();
  for (const field of fieldsOf(bytes)) {
    if (field.kind !== 'bytes' || field.number === 1) continue;
    kind = field.number;
    value = field.bytes;
  }
  // All is read here, where what makes no sense is refused as such.
  const extension =
    kind === kinds.fileOfExtension ? { type: textOf(value, 1), number: numberOf(value, 2) } : undefined;
  return { bytes, host: textOf(bytes, 1), kind, value, extension };
}

/** @param services the full names of those that are served, asked for at every listing. */
export function createReflection(
  descriptors: Descriptors,
  services: () => readonly string[],
): Handlers<(typeof reflectionServices)[number]> {
  const serverReflectionInfo: BidiCallbacks<Question, Buffer> = {
    open: (_context, out) => ({
      onMessage: (asked) => {
        out.write(message([1, asked.host], [2, asked.bytes], answer(asked, descriptors, services)));
      },
      onEnd: () => out.end(),
    }),
  };
  return { serverReflectionInfo };
}

function answer(
  asked: Question,
  descriptors: Descriptors,
  services: () => readonly string[],
): readonly [number, Buffer] {
  const text = utf8.decode(asked.value);
  switch (asked.kind) {
    case kinds.fileByName:
      return files(descriptors, descriptors.file(text), text);
    case kinds.fileOfSymbol:
      return files(descriptors, descriptors.fileOfSymbol(text), text);
    case kinds.fileOfExtension: {
      const { type, number } = asked.extension ?? { type: '', number: 0 };
      return files(descriptors, descriptors.fileOfExtension(type, number), `${type} ${number}`);
    }
    case kinds.extensionNumbers: {
      const numbers = descriptors.extensionNumbers(text);
      if (numbers === undefined) return failure(status.NOT_FOUND, text);
      return [5, message([1, text], ...numbers.map((number) => [2, number] as const))];
    }
    case kinds.services:
      return [6, message(...services().map((name) => [1, message([1, name])] as const))];
    default:
      return failure(status.INVALID_ARGUMENT, 'nothing was asked for');
  }
}

function files(
  descriptors: Descriptors,
  file: DescriptorFile | undefined,
  asked: string,
): readonly [number, Buffer] {
  if (file === undefined) return failure(status.NOT_FOUND, `not found: ${asked}`);
  return [4, message(...descriptors.withImports(file).map(({ bytes }) => [1, bytes] as const))];
}

function failure(code: status, text: string): readonly [number, Buffer] {
  return [7, message([1, code], [2, text])];
}
