import { createServer, type Server } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../clock.js';
import { listen } from '../listener.js';
import type { Log } from '../log.js';
import type { Metrics, ServedMetrics } from '../metrics.js';
import { watchStalls } from '../stall-monitor.js';

/** A scraper that hangs must not keep a connection for ever. */
const requestTimeoutMs = 10_000;
const maxConnections = 16;

export async function serveMetrics(
  address: string,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<ServedMetrics> {
  const registry = new Registry();
  const server = serveText(registry, log);
  const listener = await listen(address, {
    clock,
    maxConnections,
    onConnection: (socket) => server.emit('connection', socket),
    onDropped: () => log.debug({ maxConnections }, 'a connection to the metrics was dropped'),
  });
  const metrics = metricsOf(registry);
  collectDefaultMetrics({ register: registry });
  const stalls = watchStalls(clock, { onStall: (ms) => log.warn({ ms }, 'the event loop stalled') });
  metrics.gauge({
    name: 'everline_event_loop_worst_stall_seconds',
    help: 'The longest lateness of the event loop since the last scrape',
    read: () => stalls.takeWorstMs() / 1_000,
  });
  return {
    ...metrics,
    port: listener.port,
    [Symbol.asyncDispose]: async () => {
      stalls[Symbol.dispose]();
      const closed = listener.close();
      listener.destroy();
      await closed;
    },
  };
}

function serveText(registry: Registry, log: Log): Server {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end('GET /metrics\n');
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: unknown) => {
        log.error({ error }, 'metrics could not be read');
        response.writeHead(500).end();
      },
    );
  });
  server.requestTimeout = requestTimeoutMs;
  return server;
}

function metricsOf(registry: Registry): Metrics {
  const registers = [registry];
  return {
    counter: ({ name, help, labels = [] }) => {
      const counter = new Counter({ name, help, labelNames: [...labels], registers });
      return { add: (by = 1, values = {}) => counter.inc({ ...values }, by) };
    },
    gauge: ({ name, help, labels = [], read }) => {
      const collect = read === undefined ? {} : { collect: () => gauge.set(read()) };
      const gauge: Gauge = new Gauge({ name, help, labelNames: [...labels], registers, ...collect });
      return { set: (value, values = {}) => gauge.set({ ...values }, value) };
    },
    histogram: ({ name, help, labels = [], buckets }) => {
      const histogram = new Histogram({
        name,
        help,
        labelNames: [...labels],
        buckets: [...buckets],
        registers,
      });
      return { observe: (value, values = {}) => histogram.observe({ ...values }, value) };
    },
  };
}
