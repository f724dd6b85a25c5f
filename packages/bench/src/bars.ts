import { median, quantile } from './statistics.js';
import type { Unit } from './subject.js';

const statistics = {
  p50: median,
  'p99.9': (values: readonly number[]) => quantile(values, 0.999),
  p95: (values: readonly number[]) => quantile(values, 0.95),
  max: (values: readonly number[]) => quantile(values, 1),
} as const;

export type Statistic = keyof typeof statistics;

/** What a figure is to reach. */
export interface Bar {
  readonly work: string;
  readonly figure: string;
  readonly statistic: Statistic;
  readonly bound: 'at most' | 'at least';
  readonly value: number;
  readonly unit: Unit;
}

const atMost = (
  work: string,
  figure: string,
  value: number,
  unit: Unit,
  statistic: Statistic = 'p50',
): Bar => ({
  work,
  figure,
  statistic,
  bound: 'at most',
  value,
  unit,
});
const atLeast = (work: string, figure: string, value: number, unit: Unit): Bar => ({
  ...atMost(work, figure, value, unit),
  bound: 'at least',
});

const pauseOf = (fault: string): string => `failover-${fault}/pause`;

export const bars: readonly Bar[] = [
  atMost('kill -9 of the available master', pauseOf('kill'), 30, 'ms'),
  atMost('kill -9 of the available master', pauseOf('kill'), 80, 'ms', 'p95'),
  atMost('SIGSTOP of it, suspicion 500 ms', pauseOf('stop'), 560, 'ms'),
  atMost('SIGSTOP of it, suspicion 100 ms', pauseOf('stop-100'), 160, 'ms'),
  atMost('SIGTERM of it', pauseOf('term'), 20, 'ms'),
  atMost('switchover', pauseOf('switchover'), 15, 'ms'),
  atMost('switchover: failed calls', 'failover-switchover/failed', 0, 'calls', 'max'),
  atMost('kill -9 of a standby', pauseOf('standby-kill'), 30, 'ms'),
  atMost('SIGSTOP of a standby', pauseOf('standby-stop'), 560, 'ms'),
  atMost('kill -9 of the router: failed calls', 'failover-router-kill/failed', 0, 'calls', 'max'),
  atLeast('posts, one master alone, unary, 64 in flight ÷ echo', 'posts-unary/alone-ratio-64', 0.8, '×'),
  atLeast('posts, replicated, unary, 64 in flight ÷ echo', 'posts-unary/replicated-ratio-64', 0.6, '×'),
  atLeast('posts through the client library, 16 in flight', 'posts-client/rate-16', 15_000, '/s'),
  atLeast('posts through the client library, 64 in flight', 'posts-client/rate-64', 25_000, '/s'),
  atLeast('the same ÷ bidi echo, 16 in flight', 'posts-client/ratio-16', 0.35, '×'),
  atLeast('the same ÷ bidi echo, 64 in flight', 'posts-client/ratio-64', 0.35, '×'),
  atMost('a replicated post, 1 writer, p50', 'latency/one-p50', 1, 'ms'),
  atMost('a replicated post, 1 writer, p99', 'latency/one-p99', 5, 'ms'),
  atMost('a post at half of the 64-in-flight load, p99', 'latency/half-p99', 10, 'ms'),
  atLeast('fan-out to 1,000 live readers ÷ pre-encoded push', 'fan-out/ratio-1000', 0.8, '×'),
  atLeast('backlog of 100,000 entries', 'backlog/rate', 300_000, '/s'),
  atMost('timeline page of 20 with 300 followees, in the master', 'page/in-master-p50', 200, 'µs'),
  atLeast('timeline pages ÷ echo', 'page/ratio', 0.6, '×'),
  atMost(
    'kill -9 with 1 M users, 10 M follows, 1 M posts ÷ with a small store',
    'big-failover/ratio',
    1.3,
    '×',
  ),
  atMost('an empty standby joins that store at 2,000 posts/s', 'join/in-sync', 60, 's'),
  atMost('p99 of a post meanwhile ÷ before', 'join/p99-ratio', 2, '×'),
  atMost('restart of a master with that store to in sync', 'restart/in-sync', 1.5, 's'),
  atMost('memory of a master with that store, idle, without the mapped file', 'memory/master', 250, 'MiB'),
  atMost('memory of a live reader', 'memory/reader', 24, 'KiB'),
  atMost('cost of a post at 1 M users ÷ at 1 k', 'growth/post-ratio', 1.2, '×'),
  atMost('cost of a page at 1 M posts ÷ at 1 k', 'growth/page-ratio', 1.2, '×'),
  atLeast('kill -9: etcd at its fastest ÷ Everline', 'peers/etcd-fast-ratio', 4, '×'),
  atLeast('kill -9: etcd with its defaults ÷ Everline', 'peers/etcd-ratio', 30, '×'),
  atLeast('kill -9: Redis Sentinel, tuned, with WAIT ÷ Everline', 'peers/redis-ratio', 30, '×'),
  atLeast('posts, 16 in flight: Everline ÷ etcd', 'peers/etcd-rate-ratio', 1, '×'),
  atLeast('posts, 16 in flight: Everline ÷ Redis (always, WAIT 1)', 'peers/redis-rate-ratio', 1, '×'),
  atLeast('posts, 16 in flight: Everline ÷ NATS JetStream R3', 'peers/nats-rate-ratio', 1, '×'),
  atLeast('posts, 16 in flight: Everline ÷ synchronous PostgreSQL', 'peers/postgresql-rate-ratio', 1, '×'),
  atMost('longest stall of any role under each of these loads', 'stalls/worst', 20, 'ms', 'p99.9'),
];

export function reached({ statistic }: Pick<Bar, 'statistic'>, values: readonly number[]): number {
  return statistics[statistic](values);
}

export function isMet(bar: Bar, values: readonly number[]): boolean {
  const value = reached(bar, values);
  return bar.bound === 'at most' ? value <= bar.value : value >= bar.value;
}
