import { status } from '@grpc/grpc-js';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Refusal } from '../../src/index.js';
import { builtInImage } from '../../src/rpc/reflection/built-in-image.js';
import { bufCurl, convert, echoImage } from './buf.js';
import { text } from './echo.js';
import { echoWorld } from './echo-server.js';

// Processes start slowly on a busy machine.
jest.setTimeout(30_000);

/** By the descriptors that reflection serves for errors: both must be right. */
const decodeWithBuiltIn = (type: string, bytes: Uint8Array) => convert(builtInImage, type, bytes);

let image: Uint8Array;
beforeAll(async () => {
  image = await echoImage();
});

describe('a client in another language that knows nothing but the address', () => {
  test('lists and calls what is served', async () => {
    await using world = await echoWorld({}, { image });
    expect((await bufCurl(world.address, '--list-services', '')).out.trim().split('\n').sort()).toEqual([
      'chassis.test.v1.EchoService',
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
    ]);
    expect((await bufCurl(world.address, '--list-methods', '')).out).toContain(
      'chassis.test.v1.EchoService/HotChat',
    );
    const said = await bufCurl(
      world.address,
      '-d',
      '{"text":"hällo","inner":{"number":7}}',
      '/chassis.test.v1.EchoService/Say',
    );
    expect(JSON.parse(said.out)).toEqual({ text: 'hällo', inner: { number: 7 } });
    const chat = await bufCurl(
      world.address,
      '-d',
      '{"number":1}{"number":2}',
      '/chassis.test.v1.EchoService/Chat',
    );
    expect(chat.out.match(/\d/g)).toEqual(['1', '2']);
  });

  test('asks for the health of a service, and describes it although no file of ours defines it', async () => {
    await using world = await echoWorld({}, { image });
    world.server.setServing('chassis.test.v1.EchoService', false);
    const check = async (service: string) =>
      JSON.parse(
        (await bufCurl(world.address, '-d', JSON.stringify({ service }), '/grpc.health.v1.Health/Check')).out,
      );
    expect(await check('chassis.test.v1.EchoService')).toEqual({ status: 'NOT_SERVING' });
    expect(await check('')).toEqual({ status: 'SERVING' });
  });

  test('works with servers and clients that know only v1alpha', async () => {
    await using world = await echoWorld({}, { image });
    const said = await bufCurl(
      world.address,
      '--reflect-protocol',
      'grpc-v1alpha',
      '-d',
      '{"number":3}',
      '/chassis.test.v1.EchoService/Say',
    );
    expect(JSON.parse(said.out)).toEqual({ number: 3 });
  });

  test('reads reason, metadata and retry delay of a refusal', async () => {
    await using world = await echoWorld(
      {
        say: () => {
          throw new Refusal(status.RESOURCE_EXHAUSTED, 'QUEUE_FULL', 'come back later', {
            metadata: { queue: 'posts' },
            retryAfterMs: 1_500,
          });
        },
      },
      { image },
    );
    const { err } = await bufCurl(world.address, '-d', '{}', '/chassis.test.v1.EchoService/Say');
    const refused = JSON.parse(err) as { details: { type: string; value: string }[] };
    expect(refused).toMatchObject({ code: 'resource_exhausted', message: 'come back later' });
    const details = await Promise.all(
      refused.details.map(async ({ type, value }) => [
        type,
        await decodeWithBuiltIn(type, Buffer.from(value, 'base64')),
      ]),
    );
    expect(details).toEqual([
      ['google.rpc.ErrorInfo', { reason: 'QUEUE_FULL', domain: 'everline', metadata: { queue: 'posts' } }],
      ['google.rpc.RetryInfo', { retryDelay: '1.500s' }],
    ]);
  });

  test('asks for what is not there', async () => {
    await using world = await echoWorld({}, { image });
    const { code, err } = await bufCurl(world.address, '-d', '{}', '/chassis.test.v1.Nothing/Say');
    expect(code).not.toBe(0);
    expect(err).toMatch(/failed to find/);
    await expect(world.say(text('lives'))).resolves.toBeDefined();
  });
});
