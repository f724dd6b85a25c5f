/** What the product promises of itself, at default settings. */
export interface Bound {
  readonly what: string;
  readonly unit: 'ms' | 's' | 'MB' | 'calls' | 'posts';
  readonly of: 'p50' | 'p95' | 'most';
  readonly limit: number;
  /**
   * On a busy machine the limit is taken this many times. Never so often that the slower way of noticing a fault, the
   * one that the bound rules out, would still pass.
   */
  readonly slack: number;
}

const suspicionMs = 500;

export const bounds = {
  // With its slack each is 480 ms, less than the suspicion: whoever waited for that would be found, and nobody else is on a busy machine.
  killPause: bound('kill -9 of the available master, 16 clients posting: pause', 'ms', 'p50', 60, 8),
  strangersKillPause: bound(
    'the same, 16 clients written without the library, and 4 readers',
    'ms',
    'p50',
    60,
    8,
  ),
  freezePause: bound('SIGSTOP of the available master: pause', 'ms', 'p50', suspicionMs + 150, 2.5),
  terminatePause: bound('SIGTERM of the available master: pause', 'ms', 'p50', 20, 24),
  switchoverPause: bound('switchover: pause', 'ms', 'p50', 20, 24),
  switchoverFailed: bound('switchover: failed calls', 'calls', 'most', 0, 1),
  standbyKillPause: bound('kill -9 of a standby: pause', 'ms', 'p50', 30, 16),
  standbyFreezePause: bound('SIGSTOP of a standby: pause', 'ms', 'p50', suspicionMs + 60, 2.5),
  routerKillPause: bound('kill -9 of the router, under load: pause', 'ms', 'p50', 30, 16),
  routerKillFailed: bound('kill -9 of the router, under load: failed calls', 'calls', 'most', 0, 1),
  lastInSync: bound('kill -9 of the last in-sync master: pause', 'ms', 'most', 1_500, 4),
  redundancy: bound('from kill -9 to full redundancy', 'ms', 'p50', 2_000, 5),
  lost: bound('2,000 posts from 16 clients across 5 kills: lost', 'posts', 'most', 0, 1),
  doubled: bound('2,000 posts from 16 clients across 5 kills: doubled', 'posts', 'most', 0, 1),
  volumeRestart: bound('100,000 posts, 1,000 users: restart to in sync', 'ms', 'most', 2_000, 4),
  masterMemory: bound(
    '100,000 posts, 1,000 users: resident memory of the available master',
    'MB',
    'most',
    200,
    1.5,
  ),
  standbyMemory: bound('resident memory of a standby', 'MB', 'most', 120, 1.5),
  routerMemory: bound('resident memory of the router', 'MB', 'most', 120, 1.5),
  watchdogMemory: bound('resident memory of a watchdog', 'MB', 'most', 60, 1.5),
  up: bound('everline up, when built: ready', 'ms', 'most', 5_000, 4),
  sessionFree: bound('the session of a killed shell is free', 'ms', 'most', 2_000, 3),
  partitionHealed: bound('a cut network: posts after the cut ends', 'ms', 'most', 2_000, 4),
  partitionWhole: bound('a cut network: whole again after the cut ends', 'ms', 'p50', 2_000, 4),
  clientResumed: bound(
    'a client that was cut off: posts and reads after the cut ends',
    'ms',
    'most',
    2_000,
    4,
  ),
  clockPause: bound('wall clocks jump by hours: pause', 'ms', 'most', 500, 4),
  slowLinkPost: bound('100 ms each way between the masters: a post', 'ms', 'p50', 250, 2),
  slowLinkPause: bound('a standby further away than the lag limit of 1 s: pause', 'ms', 'most', 1_500, 3),
  // Slack and all it is less than the keepalive of a connection: who waited for that would be found.
  forgottenClient: bound(
    'every connection to the masters is forgotten: clients post and read again',
    'ms',
    'most',
    2_000,
    2.5,
  ),
  // A standby dials anew after twice the suspicion, for which it looks every half of it: with the 2.5 s of a patient cluster after 5 to 6 s.
  forgottenWhole: bound(
    'every connection of the masters is forgotten: in sync again',
    'ms',
    'most',
    9_000,
    2.5,
  ),
  flappingPause: bound('a master that dies whenever it is ready: pause', 'ms', 'most', 500, 4),
  impatientPause: bound('SIGTERM again and again within milliseconds: pause', 'ms', 'most', 500, 4),
  frozenClients: bound('clients frozen for long: their connections are freed', 'ms', 'most', 15_000, 1.5),
  thawedClients: bound('clients frozen for long: they post and read again', 'ms', 'most', 2_000, 4),
  slowReaderPause: bound('a reader that takes nothing: pause of those who post', 'ms', 'most', 500, 4),
  slowReaderMemory: bound('a reader that takes nothing: growth of the available master', 'MB', 'most', 48, 2),
  reconnected: bound('every live reader reconnects after a kill: all are live again', 'ms', 'most', 5_000, 4),
  reconnectMemory: bound('… and the resident memory of their new master', 'MB', 'most', 400, 1),
  demo: bound('everline demo: pause as it reports it', 'ms', 'most', 60, 8),
} as const satisfies Record<string, Bound>;

function bound(what: string, unit: Bound['unit'], of: Bound['of'], limit: number, slack: number): Bound {
  return { what, unit, of, limit, slack };
}
