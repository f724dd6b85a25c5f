// What a client decides (C1–C5), whoever carries it out: the client library on gRPC, or the simulator.
export { type Attempts, afterTry, type Next, noAttempts, tryIn } from './attempts.js';
export { type ChainFault, faultOf, type Link } from './chain.js';
export { type Judgement, judge, type TryEnd } from './judgement.js';
export { advance, goBack, type Progress, progressFrom, retriesAfter, type Taken, take } from './progress.js';
export { type Chance, retryPauseMs } from './retry-pause.js';
export { type Known, type Sight, type Verdict, weigh } from './sight.js';
