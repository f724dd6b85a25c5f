export { CLUSTER_HEADER } from './cluster-header.js';
export * as csce438 from './gen/csce438/sns.js';
export * from './gen/everline/replication/v1/journal.js';
export * from './gen/everline/replication/v1/replication.js';
export * from './gen/everline/replication/v1/storage.js';
export * from './gen/everline/router/v1/router.js';
export * from './gen/everline/sns/v1/sns.js';
/** A `google.protobuf.FileDescriptorSet` of all of proto/: what reflection serves. */
export { fileDescriptorSet as descriptorImage } from './gen/image.js';
export { DOMAIN, REASONS, type Reason } from './reasons.js';
