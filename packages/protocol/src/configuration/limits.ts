/** If the standbys still hear a master that the router does not, the role stays this long (R8). */
export const holdMs = 3_000;

/** A listing outlives a broken stream by this long, unless the death is certain: a master that dials anew keeps its place. */
export const unlistMs = 3_000;

/** Of the first failure; doubles with each further one (R6). */
export const firstPenaltyMs = 30_000;
export const longestPenaltyMs = 600_000;

/** A master that failed no more for this long after its penalty has a clean record again. */
export const penaltyForgottenMs = 600_000;

/** A switchover that was asked for and not answered by a resignation is given up. */
export const switchoverMs = 10_000;

/** How often what the masters report as committed is written down, when it has grown (R7). */
export const keepCommittedMs = 30_000;

/** At the bound a new master is refused. */
export const mostMasters = 64;

/** Masters that left stay visible this long, and at most this many. */
export const departedMs = 600_000;
export const mostDeparted = 32;

/** Reigns remembered, so that a late certificate still finds its epoch; the oldest is forgotten. */
export const mostReigns = 16;

/** Incarnations known to be dead; the oldest is forgotten. */
export const mostDead = 64;

/** Events kept; the oldest is forgotten. */
export const mostEvents = 128;

/** A recovered version leaps ahead of all that the lost router may have decided and told nobody who is left (R9). */
export const recoveredVersionStep = 100;

/**
 * A recovered epoch leaps ahead, too: clients may have heard of reigns that no master has heard of, and they take no answer of an older
 * one (C3, R1).
 */
export const recoveredEpochStep = 100;
