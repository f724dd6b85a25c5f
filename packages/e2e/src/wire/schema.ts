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
