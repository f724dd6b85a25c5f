import { readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import protobuf from 'protobufjs';
import { protoFolder } from '../places.js';

/** Read from `proto/` when the suite runs: a wrong generator option in the product cannot cancel itself out here. */
const schema = loadSchema();

export interface Method {
  readonly path: string;
  readonly encode: (message: object) => Buffer;
  readonly decode: (bytes: Buffer) => object;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

const methods = new Map<string, Method>();

/** `name` is `package.Service/Method`. */
export function method(name: string): Method {
  const known = methods.get(name);
  if (known !== undefined) return known;
  const [service = '', rpc = ''] = name.split('/');
  const found = schema.lookupService(service).methods[rpc];
  if (found === undefined) throw new Error(`proto/ has no ${name}`);
  found.resolve();
  const made = {
    path: `/${service}/${rpc}`,
    encode: encoder(found.resolvedRequestType),
    decode: decoder(found.resolvedResponseType),
    requestStream: found.requestStream ?? false,
    responseStream: found.responseStream ?? false,
  };
  methods.set(name, made);
  return made;
}

/** A method of whatever service, with the type of its request. */
export interface AnyMethod {
  readonly path: string;
  readonly request: protobuf.Type;
  readonly requestStream: boolean;
}

/** Every method of every service in `proto/`, and of those that every role has besides. */
export function everyMethod(): readonly AnyMethod[] {
  return [...servicesIn(schema), ...servicesIn(builtIn)].flatMap((service) =>
    service.methodsArray.map((rpc) => {
      rpc.resolve();
      if (rpc.resolvedRequestType === null) throw new Error(`${rpc.fullName} has no request`);
      return {
        path: `/${service.fullName.slice(1)}/${rpc.name}`,
        request: rpc.resolvedRequestType,
        requestStream: rpc.requestStream ?? false,
      };
    }),
  );
}

/** Health and reflection, written down here a second time. */
const builtIn = protobuf.parse(
  `syntax = "proto3"; package grpc;
   message HealthRequest { string service = 1; }
   message ReflectionRequest {
     string host = 1;
     oneof message_request {
       string file_by_filename = 3; string file_containing_symbol = 4; Extension file_containing_extension = 5;
       string all_extension_numbers_of_type = 6; string list_services = 7;
     }
   }
   message Extension { string containing_type = 1; int32 extension_number = 2; }
   message Nothing {}`,
).root;
for (const name of [
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
]) {
  const parts = name.split('.');
  const service = new protobuf.Service(parts.at(-1) ?? '');
  const streams = name.includes('reflection');
  const methods = streams ? ['ServerReflectionInfo'] : ['Check', 'Watch', 'List'];
  for (const rpc of methods)
    service.add(
      new protobuf.Method(
        rpc,
        undefined,
        streams ? '.grpc.ReflectionRequest' : '.grpc.HealthRequest',
        '.grpc.Nothing',
        streams,
      ),
    );
  builtIn.define(parts.slice(0, -1)).add(service);
}

function servicesIn(space: protobuf.NamespaceBase): readonly protobuf.Service[] {
  return space.nestedArray.flatMap((nested) => {
    if (nested instanceof protobuf.Service) return [nested];
    return nested instanceof protobuf.Namespace ? servicesIn(nested) : [];
  });
}

export function encodeMessage(type: string, message: object): Buffer {
  return encoder(schema.lookupType(type))(message);
}

export function decodeMessage(type: string, bytes: Uint8Array): object {
  return decoder(schema.lookupType(type))(Buffer.from(bytes));
}

function encoder(type: protobuf.Type | null): (message: object) => Buffer {
  if (type === null) throw new Error('a type of proto/ is not resolved');
  return (message) => {
    const bytes = type.encode(type.fromObject(message)).finish();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
}

function decoder(type: protobuf.Type | null): (bytes: Buffer) => object {
  if (type === null) throw new Error('a type of proto/ is not resolved');
  return (bytes) =>
    type.toObject(type.decode(bytes), {
      longs: Number,
      enums: String,
      defaults: true,
      arrays: true,
    }) as object;
}

function loadSchema(): protobuf.Root {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => (isAbsolute(target) ? target : join(protoFolder, target));
  const files = readdirSync(protoFolder, { recursive: true, encoding: 'utf8' });
  root.loadSync(files.filter((file) => file.endsWith('.proto')).map((file) => join(protoFolder, file)));
  root.resolveAll();
  return root;
}
