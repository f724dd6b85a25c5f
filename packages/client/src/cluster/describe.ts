import type { DescribeClusterResponse } from '@everline/contracts';
import { callRouter } from '../calls/router-call.js';
import type { CallOptions } from '../client.js';
import type { Context } from '../context.js';
import { statusOf } from '../wire/status-of.js';
import type { ClusterStatus } from './status.js';

export async function describe(context: Context, options: CallOptions = {}): Promise<ClusterStatus> {
  const cluster = await callRouter<DescribeClusterResponse>(
    context,
    { once: undefined, send: (router, ...rest) => router.describeCluster({}, ...rest) },
    options,
  );
  return statusOf(cluster);
}
