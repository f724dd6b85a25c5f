/** Numbers for Prometheus. What counts takes a `Metrics`; prom-client and its port are there only when somebody asks for them. */
import type { Clock } from './clock.js';
import type { Log } from './log.js';

type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(by?: number, labels?: Labels): void;
}
export interface Gauge {
  set(value: number, labels?: Labels): void;
}
export interface Histogram {
  observe(value: number, labels?: Labels): void;
}

export interface MetricOptions {
  /** With the unit at its end: `everline_commit_seconds`, `everline_posts_total`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

export interface Metrics {
  counter(options: MetricOptions): Counter;
  /** `read`, if given, is asked at every scrape. */
  gauge(options: MetricOptions & { readonly read?: () => number }): Gauge;
  /** @param options.buckets upper bounds, ascending. */
  histogram(options: MetricOptions & { readonly buckets: readonly number[] }): Histogram;
}

export interface ServedMetrics extends Metrics, AsyncDisposable {
  /** Where they are read, `http://host:port/metrics`; undefined when nobody asked for them. */
  readonly port: number | undefined;
}

/** Counts nothing. */
export const noMetrics: Metrics = {
  counter: () => ({ add: () => {} }),
  gauge: () => ({ set: () => {} }),
  histogram: () => ({ observe: () => {} }),
};

/**
 * Metrics on their own port, with those of the process and its event loop; without an address, `noMetrics`.
 * @throws ExitWith when the address cannot be listened on.
 */
export async function openMetrics(
  address: string | undefined,
  context: { readonly clock: Clock; readonly log: Log },
): Promise<ServedMetrics> {
  if (address === undefined) return { ...noMetrics, port: undefined, [Symbol.asyncDispose]: async () => {} };
  const { serveMetrics } = await import('./metrics/serve.js');
  return serveMetrics(address, context);
}
