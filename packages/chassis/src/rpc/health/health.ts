/** grpc.health.v1 (https://github.com/grpc/grpc-proto/blob/master/grpc/health/v1/health.proto). */
import { status } from '@grpc/grpc-js';
import { chassisReasons, Refusal } from '../../errors.js';
import { message, numberOf, textOf } from '../../protobuf/fields.js';
import type { Handlers, Out } from '../handlers.js';

const servingStatus = { serving: 1, notServing: 2, serviceUnknown: 3 } as const;
type ServingStatus = (typeof servingStatus)[keyof typeof servingStatus];

interface HealthCheckRequest {
  readonly service: string;
}
interface HealthCheckResponse {
  readonly status: ServingStatus;
}

const method = {
  requestSerialize: ({ service }: HealthCheckRequest): Buffer => message([1, service]),
  requestDeserialize: (bytes: Buffer): HealthCheckRequest => ({ service: textOf(bytes, 1) }),
  responseSerialize: (response: HealthCheckResponse): Buffer => message([1, response.status]),
  responseDeserialize: (bytes: Buffer): HealthCheckResponse => ({
    status: numberOf(bytes, 1) as ServingStatus,
  }),
  requestStream: false,
} as const;

export const healthService = {
  check: { ...method, path: '/grpc.health.v1.Health/Check', responseStream: false },
  watch: { ...method, path: '/grpc.health.v1.Health/Watch', responseStream: true },
} as const;

export interface Health {
  readonly handlers: Handlers<typeof healthService>;
  /** "" is the server as a whole. */
  set(service: string, serving: boolean): void;
  /** Everything is NOT_SERVING from now on, whatever is set. */
  shutDown(): void;
}

export function createHealth(): Health {
  const services = new Map<string, ServingStatus>([['', servingStatus.serving]]);
  const watchers = new Map<Out<HealthCheckResponse>, string>();
  let down = false;

  function tell(out: Out<HealthCheckResponse>, service: string): void {
    out.write({ status: services.get(service) ?? servingStatus.serviceUnknown });
  }
  function put(service: string, next: ServingStatus): void {
    if (services.get(service) === next) return;
    services.set(service, next);
    for (const [out, watched] of watchers) if (watched === service) tell(out, service);
  }
  return {
    set: (service, serving) => {
      put(service, serving && !down ? servingStatus.serving : servingStatus.notServing);
    },
    shutDown: () => {
      down = true;
      for (const service of services.keys()) put(service, servingStatus.notServing);
    },
    handlers: {
      check: ({ service }) => {
        const found = services.get(service);
        if (found === undefined)
          throw new Refusal(status.NOT_FOUND, chassisReasons.serviceUnknown, 'unknown service');
        return { status: found };
      },
      watch: async ({ service }, { signal }, out) => {
        watchers.set(out, service);
        tell(out, service);
        await new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve(), { once: true }),
        );
        watchers.delete(out);
      },
    },
  };
}
