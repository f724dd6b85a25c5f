export * as caller from './caller/index.js';
export type { Configuration, Listing } from './configuration/configuration.js';
export * as configuration from './configuration/index.js';
export * as replica from './replica/index.js';
