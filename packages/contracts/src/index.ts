export * as csce438 from './gen/csce438/sns.js';
export * as journal from './gen/everline/replication/v1/journal.js';
export * as replication from './gen/everline/replication/v1/replication.js';
export * as router from './gen/everline/router/v1/router.js';
export * as sns from './gen/everline/sns/v1/sns.js';
export { fileDescriptorSet } from './gen/image.js';
