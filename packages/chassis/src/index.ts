/**
 * What every process of Everline stands on; no word of the domain. README.md has it on one screen.
 * A tiny process loads a part alone: `@everline/chassis/clock`, `/random`, `/backoff`, `/lifecycle`, `/config`, `/control` load neither grpc-js nor pino nor prom-client.
 */
export { type Backoff, type BackoffOptions, backoffMs, createBackoff } from './backoff.js';
export { type BoundedQueue, createBoundedQueue } from './bounded-queue.js';
export {
  type Cancel,
  type Clock,
  type Deadline,
  DeadlineExceeded,
  deadline,
  systemClock,
  withDeadline,
} from './clock.js';
export { Closing } from './closing.js';
export {
  type Address,
  ConfigurationError,
  type Definition,
  defineSettings,
  type Environment,
  formatAddress,
  parseAddress,
  processArguments,
  processEnvironment,
  readSettings,
  type Setting,
  type SettingsOf,
  setting,
} from './config/index.js';
export {
  CallEnded,
  chassisReasons,
  failureOf,
  isUnexpected,
  Refusal,
  type RefusalOptions,
  RpcFailed,
  refusalOf,
  statusOf,
} from './errors.js';
export {
  createFailureDetector,
  type FailureDetector,
  type FailureDetectorOptions,
} from './failure-detector.js';
export {
  ExitWith,
  exitCodes,
  type ProcessContext,
  type ProcessOptions,
  type Running,
  runProcess,
  type Start,
} from './lifecycle.js';
export { createLog, type Log, type LogLevel, type LogOptions, logLevels, type ProcessLog } from './log.js';
export {
  type Counter,
  type Gauge,
  type Histogram,
  type MetricOptions,
  type Metrics,
  noMetrics,
  openMetrics,
  type ServedMetrics,
} from './metrics.js';
export { type Random, seededRandom, systemRandom } from './random.js';
export { type CallUnaryOptions, callUnary, type UnaryMethod } from './rpc/call-unary.js';
export {
  type ClientConstructor,
  openChannel,
  type RpcChannel,
  type RpcChannelOptions,
} from './rpc/channel.js';
export type { RpcChannelState } from './rpc/channel-state.js';
export type {
  BidiCallbacks,
  BidiHandler,
  BidiListener,
  CallContext,
  ClientStreamHandler,
  Handlers,
  Intake,
  OpenOut,
  Out,
  ServerStreamHandler,
  UnaryHandler,
} from './rpc/handlers.js';
export type { RpcLimits } from './rpc/limits.js';
export { createRpcServer, type RpcServer, type RpcServerOptions } from './rpc/server.js';
export { type StallMonitor, type StallMonitorOptions, watchStalls } from './stall-monitor.js';
