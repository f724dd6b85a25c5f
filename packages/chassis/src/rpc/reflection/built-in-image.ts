/**
 * The descriptors of the services that every server has, so that reflection can describe them, too. They are written down here because no .proto of ours defines them.
 * Field numbers are those of google/protobuf/descriptor.proto.
 */
import { message, type Value } from '../../protobuf/fields.js';

const types = { int32: 5, string: 9, message: 11, bytes: 12, enum: 14 } as const;
const label = { optional: 1, repeated: 3 } as const;

interface FieldOptions {
  readonly repeated?: true;
  readonly oneof?: true;
  /** The name of a message or enum of the same package. */
  readonly of?: string;
}

type Part = readonly [number, Value];

/** The definitions of one .proto file without imports. */
function describe(file: string, scope: string, define: (made: Definitions) => readonly Part[]): Buffer {
  return message([1, file], [2, scope], ...define(definitions(scope)), [12, 'proto3']);
}

function definitions(scope: string) {
  return {
    field: (name: string, number: number, type: keyof typeof types, options: FieldOptions = {}): Part => {
      const place = [
        [3, number],
        [4, options.repeated ? label.repeated : label.optional],
        [5, types[type]],
      ] as const;
      const typeName = options.of === undefined ? '' : `.${scope}.${options.of}`;
      return [2, message([1, name], ...place, [6, typeName], ...(options.oneof ? [[9, 0n] as const] : []))];
    },
    oneof: (name: string): Part => [8, message([1, name])],
    type: (name: string, ...parts: readonly Part[]): Part => [4, message([1, name], ...parts)],
    enumIn: (name: string, ...values: readonly string[]): Part => {
      const numbered = values.map((value, number) => [2, message([1, value], [2, BigInt(number)])] as const);
      return [4, message([1, name], ...numbered)];
    },
    service: (name: string, ...methods: readonly Part[]): Part => [6, message([1, name], ...methods)],
    method: (
      name: string,
      request: string,
      response: string,
      requestStream: boolean,
      responseStream: boolean,
    ): Part => {
      const streams = [
        [5, Number(requestStream)],
        [6, Number(responseStream)],
      ] as const;
      return [2, message([1, name], [2, `.${scope}.${request}`], [3, `.${scope}.${response}`], ...streams)];
    },
  };
}
type Definitions = ReturnType<typeof definitions>;

function health({ field, type, enumIn, service, method }: Definitions): readonly Part[] {
  const statuses = enumIn('ServingStatus', 'UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN');
  const served = field('status', 1, 'enum', { of: 'HealthCheckResponse.ServingStatus' });
  return [
    type('HealthCheckRequest', field('service', 1, 'string')),
    type('HealthCheckResponse', statuses, served),
    service(
      'Health',
      method('Check', 'HealthCheckRequest', 'HealthCheckResponse', false, false),
      method('Watch', 'HealthCheckRequest', 'HealthCheckResponse', false, true),
    ),
  ];
}

function reflection({ field, oneof, type, service, method }: Definitions): readonly Part[] {
  const one = (name: string, number: number, kind: 'string' | 'message', of?: string): Part =>
    field(name, number, kind, { oneof: true, ...(of === undefined ? {} : { of }) });
  return [
    type(
      'ServerReflectionRequest',
      field('host', 1, 'string'),
      one('file_by_filename', 3, 'string'),
      one('file_containing_symbol', 4, 'string'),
      one('file_containing_extension', 5, 'message', 'ExtensionRequest'),
      one('all_extension_numbers_of_type', 6, 'string'),
      one('list_services', 7, 'string'),
      oneof('message_request'),
    ),
    type('ExtensionRequest', field('containing_type', 1, 'string'), field('extension_number', 2, 'int32')),
    type(
      'ServerReflectionResponse',
      field('valid_host', 1, 'string'),
      field('original_request', 2, 'message', { of: 'ServerReflectionRequest' }),
      one('file_descriptor_response', 4, 'message', 'FileDescriptorResponse'),
      one('all_extension_numbers_response', 5, 'message', 'ExtensionNumberResponse'),
      one('list_services_response', 6, 'message', 'ListServiceResponse'),
      one('error_response', 7, 'message', 'ErrorResponse'),
      oneof('message_response'),
    ),
    type('FileDescriptorResponse', field('file_descriptor_proto', 1, 'bytes', { repeated: true })),
    type(
      'ExtensionNumberResponse',
      field('base_type_name', 1, 'string'),
      field('extension_number', 2, 'int32', { repeated: true }),
    ),
    type('ListServiceResponse', field('service', 1, 'message', { of: 'ServiceResponse', repeated: true })),
    type('ServiceResponse', field('name', 1, 'string')),
    type('ErrorResponse', field('error_code', 1, 'int32'), field('error_message', 2, 'string')),
    service(
      'ServerReflection',
      method('ServerReflectionInfo', 'ServerReflectionRequest', 'ServerReflectionResponse', true, true),
    ),
  ];
}

/** A FileDescriptorSet. */
export const builtInImage: Uint8Array = message(
  [1, describe('grpc/health/v1/health.proto', 'grpc.health.v1', health)],
  [1, describe('grpc/reflection/v1/reflection.proto', 'grpc.reflection.v1', reflection)],
  [1, describe('grpc/reflection/v1alpha/reflection.proto', 'grpc.reflection.v1alpha', reflection)],
);
