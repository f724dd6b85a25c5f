/** gRPC metadata in which a client of `everline.sns.v1` may say for which cluster it comes; a master of another one turns it away. */
export const CLUSTER_HEADER = 'everline-cluster-id';
