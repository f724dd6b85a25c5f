import { SnsServiceClient, SnsServiceService, type TimelineRequest } from '@everline/contracts';
import { type ChannelOptions, Client, type ClientDuplexStream, credentials } from '@grpc/grpc-js';

const options: ChannelOptions = {
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.max_receive_message_length': -1,
};

/** Bare grpc-js, as somebody would use it who knows where the master is. */
export function snsClient(address: string): SnsServiceClient {
  return new SnsServiceClient(address, credentials.createInsecure(), options);
}

/** One connection for many streams whose answers are left as bytes. */
export class FrameClient {
  readonly #client: Client;

  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure(), options);
  }

  timeline(): ClientDuplexStream<TimelineRequest, Buffer> {
    const { path, requestSerialize } = SnsServiceService.timeline;
    const stream = this.#client.makeBidiStreamRequest(path, requestSerialize, (frame: Buffer) => frame);
    // A stream that ends while nobody waits for it has nothing to say.
    stream.on('error', () => {});
    return stream;
  }

  close(): void {
    this.#client.close();
  }
}

/** A call with a callback as a promise. */
export function answer<T>(
  call: (done: (error: unknown, value: T | undefined) => void) => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => {
      if (value === undefined) reject(error);
      else resolve(value);
    });
  });
}
