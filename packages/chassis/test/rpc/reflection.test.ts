import {
  type ClientDuplexStream,
  credentials,
  makeGenericClientConstructor,
  type StatusObject,
} from '@grpc/grpc-js';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { bytesOf, message, numberOf, textOf, textsOf, type Value } from '../../src/protobuf/fields.js';
import { readDescriptors } from '../../src/rpc/reflection/descriptors.js';
import { reflectionServices } from '../../src/rpc/reflection/reflection.js';
import { echoImage } from './buf.js';
import { echoWorld } from './echo-server.js';

// Processes start slowly on a busy machine.
jest.setTimeout(30_000);

let image: Uint8Array;
beforeAll(async () => {
  image = await echoImage();
});

const notFound = 5;
const invalidArgument = 3;

/** Asks all questions in one stream; the answers as field number and bytes. */
async function ask(address: string, questions: readonly (readonly [number, Value])[]) {
  const Reflection = makeGenericClientConstructor(
    { info: { ...reflectionServices[0].serverReflectionInfo, requestSerialize: (bytes: Buffer) => bytes } },
    'grpc.reflection.v1.ServerReflection',
  );
  const client = new Reflection(address, credentials.createInsecure());
  const call: ClientDuplexStream<Buffer, Buffer> = client.info?.();
  const answers: Buffer[] = [];
  call.on('data', (bytes: Buffer) => answers.push(bytes));
  for (const question of questions) call.write(message(question));
  call.end();
  call.on('error', () => {});
  const { code } = await new Promise<StatusObject>((resolve) => call.on('status', resolve));
  client.close();
  if (code !== 0) throw new Error(`ended with ${code}`);
  return answers;
}

const errorCode = (answer: Buffer | undefined) =>
  numberOf(bytesOf(answer ?? Buffer.alloc(0), 7)[0] ?? Buffer.alloc(0), 1);
const fileNames = (answer: Buffer | undefined) =>
  bytesOf(bytesOf(answer ?? Buffer.alloc(0), 4)[0] ?? Buffer.alloc(0), 1).map((file) => textOf(file, 1));

test('finds the file of every kind of symbol, with all that it imports', async () => {
  await using world = await echoWorld({}, { image });
  const symbols = [
    'chassis.test.v1.EchoService',
    'chassis.test.v1.EchoService.Say',
    'chassis.test.v1.Text',
    'chassis.test.v1.Text.inner',
    'grpc.health.v1.HealthCheckResponse.ServingStatus',
    'grpc.health.v1.HealthCheckResponse.SERVING',
    'google.rpc.ErrorInfo',
  ];
  const answers = await ask(
    world.address,
    symbols.map((symbol) => [4, symbol] as const),
  );
  expect(answers.map(fileNames)).toEqual([
    ...Array.from({ length: 4 }, () => ['echo.proto']),
    ...Array.from({ length: 2 }, () => ['grpc/health/v1/health.proto']),
    ['google/rpc/error_details.proto', 'google/protobuf/duration.proto'],
  ]);
});

test('finds files by name, and says so when something is not there or nothing is asked', async () => {
  await using world = await echoWorld({}, { image });
  const [found, ...failed] = await ask(world.address, [
    [3, 'echo.proto'],
    [3, 'none.proto'],
    [4, 'chassis.test.v1.Nothing'],
    [4, '__proto__'],
    [5, message([1, 'chassis.test.v1.Text'], [2, 100])],
    [6, 'chassis.test.v1.Nothing'],
    [1, 'host alone'],
  ]);
  expect(fileNames(found)).toEqual(['echo.proto']);
  expect(failed.map(errorCode)).toEqual([notFound, notFound, notFound, notFound, notFound, invalidArgument]);
});

test('a question whose extension is no message is refused as such', async () => {
  await using world = await echoWorld({}, { image });
  const damaged = [5, Buffer.from('0a7f61', 'hex')] as const;
  await expect(ask(world.address, [damaged])).rejects.toThrow(`ended with ${invalidArgument}`);
});

test('lists services, and the extensions of a type', async () => {
  await using world = await echoWorld({}, { image });
  const [services, none] = await ask(world.address, [
    [7, '*'],
    [6, 'chassis.test.v1.Text'],
  ]);
  expect(bytesOf(bytesOf(services ?? image, 6)[0] ?? image, 1).map((one) => textOf(one, 1))).toContain(
    'chassis.test.v1.EchoService',
  );
  expect(textsOf(bytesOf(none ?? image, 5)[0] ?? image, 1)).toEqual(['chassis.test.v1.Text']);
});

test('extensions are found by the type they extend and by number', () => {
  const extension = message([1, 'loud'], [2, '.chassis.test.v1.Text'], [3, 100]);
  const nested = message([1, 'Holder'], [6, message([1, 'soft'], [2, '.chassis.test.v1.Text'], [3, 101])]);
  const extended = message(
    [1, 'extended.proto'],
    [2, 'chassis.test.v1'],
    [3, 'echo.proto'],
    [4, nested],
    [7, extension],
  );
  const descriptors = readDescriptors([image, message([1, extended])]);
  expect(descriptors.extensionNumbers('chassis.test.v1.Text')).toEqual([101, 100]);
  for (const number of [100, 101])
    expect(descriptors.fileOfExtension('chassis.test.v1.Text', number)?.name).toBe('extended.proto');
  expect(descriptors.fileOfSymbol('chassis.test.v1.Holder.soft')?.name).toBe('extended.proto');
  const file = descriptors.file('extended.proto');
  expect(file && descriptors.withImports(file).map(({ name }) => name)).toEqual([
    'extended.proto',
    'echo.proto',
  ]);
});

test('an image that is none is an error at the start, not at the first question', () => {
  expect(() => readDescriptors([Uint8Array.of(0x0a, 0x7f, 1)])).toThrow();
});
