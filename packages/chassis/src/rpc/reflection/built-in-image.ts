/**
 * The descriptors of what every server speaks besides its own services: health, reflection, and the details of errors. No .proto of ours defines them,
 * so they are written down here; with them reflection can describe them, and a generic client shows the reason of a refusal in plain text.
 */
import { message } from '../../protobuf/fields.js';
import {
  enumInside,
  type FieldType,
  field,
  file,
  imports,
  method,
  oneof,
  type Part,
  service,
  textMapEntry,
  type,
} from './describe.js';

function health(): Part {
  const scope = 'grpc.health.v1';
  const request = `${scope}.HealthCheckRequest`;
  const response = `${scope}.HealthCheckResponse`;
  return file(
    'grpc/health/v1/health.proto',
    scope,
    type('HealthCheckRequest', field('service', 1, 'string')),
    type(
      'HealthCheckResponse',
      enumInside('ServingStatus', 'UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'),
      field('status', 1, 'enum', { of: `${response}.ServingStatus` }),
    ),
    service(
      'Health',
      method('Check', { request, response }),
      method('Watch', { request, response, responseStream: true }),
    ),
  );
}

/** The two versions differ in their name alone. */
function reflection(version: string): Part {
  const scope = `grpc.reflection.${version}`;
  const request = `${scope}.ServerReflectionRequest`;
  const response = `${scope}.ServerReflectionResponse`;
  const one = (name: string, number: number, kind: FieldType, of?: string): Part =>
    field(name, number, kind, { oneof: true, ...(of === undefined ? {} : { of: `${scope}.${of}` }) });
  return file(
    `grpc/reflection/${version}/reflection.proto`,
    scope,
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
      field('original_request', 2, 'message', { of: request }),
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
    type(
      'ListServiceResponse',
      field('service', 1, 'message', { of: `${scope}.ServiceResponse`, repeated: true }),
    ),
    type('ServiceResponse', field('name', 1, 'string')),
    type('ErrorResponse', field('error_code', 1, 'int32'), field('error_message', 2, 'string')),
    service(
      'ServerReflection',
      method('ServerReflectionInfo', { request, response, requestStream: true, responseStream: true }),
    ),
  );
}

const durationFile = 'google/protobuf/duration.proto';

function duration(): Part {
  const parts = [field('seconds', 1, 'int64'), field('nanos', 2, 'int32')];
  return file(durationFile, 'google.protobuf', type('Duration', ...parts));
}

function errorDetails(): Part {
  const metadata = { of: 'google.rpc.ErrorInfo.MetadataEntry', repeated: true } as const;
  return file(
    'google/rpc/error_details.proto',
    'google.rpc',
    imports(durationFile),
    type(
      'ErrorInfo',
      field('reason', 1, 'string'),
      field('domain', 2, 'string'),
      textMapEntry('MetadataEntry'),
      field('metadata', 3, 'message', metadata),
    ),
    type('RetryInfo', field('retry_delay', 1, 'message', { of: 'google.protobuf.Duration' })),
  );
}

/** A FileDescriptorSet. */
export const builtInImage: Uint8Array = message(
  health(),
  reflection('v1'),
  reflection('v1alpha'),
  duration(),
  errorDetails(),
);
