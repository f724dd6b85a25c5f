/** echo.proto as the generator would have it. */
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import {
  type CallOptions,
  type ChannelCredentials,
  type Client,
  type ClientDuplexStream,
  type ClientOptions,
  type ClientReadableStream,
  type ClientUnaryCall,
  type ClientWritableStream,
  type Metadata,
  makeGenericClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';

export interface Text {
  readonly text: string;
  readonly number: number;
  readonly inner: Text | undefined;
  readonly padding: Uint8Array;
}

export function text(value: string, number = 0, more: Partial<Text> = {}): Text {
  return { text: value, number, inner: undefined, padding: new Uint8Array(), ...more };
}

function write(value: Text, writer: BinaryWriter): BinaryWriter {
  if (value.text !== '') writer.uint32(10).string(value.text);
  if (value.number !== 0) writer.uint32(16).int32(value.number);
  if (value.inner !== undefined) write(value.inner, writer.uint32(26).fork()).join();
  if (value.padding.length > 0) writer.uint32(34).bytes(value.padding);
  return writer;
}

export function encodeText(value: Text): Buffer {
  return Buffer.from(write(value, new BinaryWriter()).finish());
}

export function decodeText(input: BinaryReader | Uint8Array, length?: number): Text {
  const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
  const end = length === undefined ? reader.len : reader.pos + length;
  let value = text('');
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 10) value = { ...value, text: reader.string() };
    else if (tag === 16) value = { ...value, number: reader.int32() };
    else if (tag === 26) value = { ...value, inner: decodeText(reader, reader.uint32()) };
    else if (tag === 34) value = { ...value, padding: reader.bytes() };
    else reader.skip(tag & 7);
  }
  return value;
}

const codec = {
  requestSerialize: (value: Text): Buffer => encodeText(value),
  requestDeserialize: (bytes: Buffer): Text => decodeText(bytes),
  responseSerialize: (value: Text): Buffer => encodeText(value),
  responseDeserialize: (bytes: Buffer): Text => decodeText(bytes),
};

const prefix = '/chassis.test.v1.EchoService' as const;

export const EchoService = {
  say: { ...codec, path: `${prefix}/Say`, requestStream: false, responseStream: false },
  count: { ...codec, path: `${prefix}/Count`, requestStream: false, responseStream: true },
  sum: { ...codec, path: `${prefix}/Sum`, requestStream: true, responseStream: false },
  chat: { ...codec, path: `${prefix}/Chat`, requestStream: true, responseStream: true },
  hotChat: { ...codec, path: `${prefix}/HotChat`, requestStream: true, responseStream: true },
} as const;

type Callback = (error: ServiceError | null, response: Text) => void;

export interface EchoClient extends Client {
  say(request: Text, callback: Callback): ClientUnaryCall;
  say(request: Text, metadata: Metadata, options: Partial<CallOptions>, callback: Callback): ClientUnaryCall;
  count(request: Text, options?: Partial<CallOptions>): ClientReadableStream<Text>;
  sum(callback: Callback): ClientWritableStream<Text>;
  chat(options?: Partial<CallOptions>): ClientDuplexStream<Text, Text>;
  hotChat(options?: Partial<CallOptions>): ClientDuplexStream<Text, Text>;
}

export const EchoClient = makeGenericClientConstructor(
  EchoService,
  'chassis.test.v1.EchoService',
) as unknown as new (
  address: string,
  credentials: ChannelCredentials,
  options?: Partial<ClientOptions>,
) => EchoClient;
