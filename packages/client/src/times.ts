/** Every wait of the client, in milliseconds. The cluster's own times are in docs/protocol.md. */
export const times = {
  /** Of a whole call (C5). */
  callMs: 10_000,
  /** Of one try: twice the suspicion, so that a slow commit is not taken for a hang. */
  tryMs: 1_000,
  /** Stands for the connect time-out that grpc-js does not have. */
  connectMs: 500,
  /** Silence of a live stream after which its master is doubted: the cluster's suspicion. */
  suspicionMs: 500,
  /** How often silence is looked at: the cluster's ping interval. */
  tickMs: 100,
  /** A master that is doubted is dialled anew, and the routers are asked, so long after the doubt, and up to twice as long: they push what is new sooner. */
  doubtMs: 20,
  /** The connection of a place that was left is ended so long after, and up to twice as long. */
  partMs: 100,
  /** A live stream says nothing while a new master activates: it may wait out a read lease and commit what it had. */
  firstWordMs: 1_000,
  /** A router's first answer on its watch; it is due at once. */
  watchFirstMs: 1_000,
  /** How often a router is asked although it would push: one that is frozen, or whose watch died silently, is found by this. */
  routerPollMs: 10_000,
  /** After an answer that the watch should have pushed, how long it may be late. */
  watchLagMs: 500,
  routerCallMs: 1_000,
  /** Pings on connections to masters, most of which are idle: how often, and how long the answer may take. */
  masterKeepalive: { keepaliveMs: 5_000, keepaliveTimeoutMs: 1_000 },
  /**
   * The list of masters is fetched so long after it may have changed, and up to `rosterSpreadMs` later: a short command ends before it
   * needs a standby, and thousands of clients do not ask at once.
   */
  rosterDelayMs: 100,
  rosterSpreadMs: 900,
  rosterEveryMs: 30_000,
  /** The former available master gets a warm connection so long after the role has moved, and up to twice as long: it may be dead, and its clients are busy. */
  formerMs: 100,
  /** Between two tries to reach a standby whose connection broke: its process is most likely being started again, which takes it longer. */
  standbyRestartMs: 200,
  /** Longest pause before a standby that cannot be reached is tried again. */
  standbyPauseMs: 5_000,
  /** How often a stream for posts looks whether another lies ready at the next master; one that ended there is not replaced before the pause is over. */
  aheadMs: 300,
  aheadPauseMs: 1_000,
  /** Posts that come more quickly than `bounds.callsBeforeExpress` in this time get a stream. */
  expressWorthMs: 1_000,
  /** A stream for posts on which there are none is ended after this, and one that could not be had is not sought again before that. */
  expressIdleMs: 2_000,
  expressPauseMs: 1_000,
  /** An exclusive session is free 1.5 s after its last sign of life. */
  renewMs: 400,
  /** What `close` waits for a logout. */
  partingMs: 500,
} as const;

export const bounds = {
  routers: 8,
  /** Standbys with a warm connection. */
  standbys: 16,
  /** Entries received and not taken yet; at the bound the stream is not read on. */
  timelineBuffer: 1_024,
  postsInFlight: 1_024,
  /** So many posts in quick succession, each a call of its own, before a stream is worth it. */
  callsBeforeExpress: 8,
} as const;
