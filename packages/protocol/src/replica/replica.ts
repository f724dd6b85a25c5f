import type { Configuration } from '../configuration/configuration.js';
import type { ReplicaSettings } from './settings.js';

/** One master's part in the protocol, as plain data. Never changed in place: a decision makes the next one. */
export interface Replica {
  readonly settings: ReplicaSettings;
  readonly standing: Standing;
  readonly role: ReplicaRole;
}

/** What a replica knows whatever its role. */
export interface Standing {
  /** The newest configuration it was told of. */
  readonly configuration: Configuration | undefined;
  /** Nothing of an older epoch is accepted any more (M2). */
  readonly promisedEpoch: number;
  /** The promise that is on disk: an acknowledgement waits for it. */
  readonly durableEpoch: number;
  /** No reign begins in this epoch or an older one: a reign belongs to one incarnation. */
  readonly barredEpoch: number;
  /** The journal is on disk up to and with this entry. */
  readonly flushedSeq: number;
  /** Never truncated (M2). */
  readonly committedSeq: number;
  /** The state was told to apply up to and with this one: committed, and on this disk. */
  readonly appliedSeq: number;
  /** How often the journal was truncated: a flush that was begun before says nothing about what came after. */
  readonly generation: number;
  /** Reigns that certainly serve no more (M10). */
  readonly endedEpochs: readonly number[];
  /** The read leases it granted, one per epoch (M9). */
  readonly grants: readonly Grant[];
}

/** Whoever is available in this epoch may answer reads on the strength of this replica's word. */
export interface Grant {
  /** `anyEpoch`: of before this process started. */
  readonly epoch: number;
  readonly atMs: number;
}

/** Of a grant that a replica cannot remember: no certificate covers it. */
export const anyEpoch = -1;

export type ReplicaRole = Fresh | Following | Activating | Available | Resigning | Resigned;

/** Belongs to no cluster yet. */
export interface Fresh {
  readonly kind: 'fresh';
}

/** A standby. */
export interface Following {
  readonly kind: 'following';
  /** The available master it last accepted something from. */
  readonly source: Source | undefined;
}

export interface Source {
  readonly masterId: string;
  readonly epoch: number;
  /** The own journal is the same as the source's up to and with this entry. */
  readonly verifiedSeq: number;
  /** The latest append's or beat's own mark, to be sent back (M9). */
  readonly sentAtMs: number;
  readonly heardAtMs: number;
  readonly acknowledgedSeq: number;
  /** `flush`: acknowledge what is on disk as soon as more is; `now`: in any case. */
  readonly owes: 'nothing' | 'flush' | 'now';
  /** Its stream ended and nothing came since. */
  readonly lost: boolean;
}

/** Named available, not yet serving (M7). */
export interface Activating extends Reigning {
  readonly kind: 'activating';
  readonly sinceMs: number;
}

/** Serves clients. */
export interface Available extends Reigning {
  readonly kind: 'available';
}

/** Takes no more writes and waits until all that it took is acknowledged. */
export interface Resigning extends Reigning {
  readonly kind: 'resigning';
  readonly untilMs: number;
}

/** Serves no more in this epoch, whatever comes (M10). */
export interface Resigned {
  readonly kind: 'resigned';
  readonly epoch: number;
}

/** What the master of an epoch owns. */
export interface Reigning {
  readonly epoch: number;
  /** The empty entry that began the reign (M7): what is before it came from older ones. */
  readonly beginSeq: number;
  readonly peers: readonly Peer[];
  /** M5: waited for as well, until the version has moved past `sinceVersion`. */
  readonly pending: Pending | undefined;
  /** The change of the set that is on its way to the router. */
  readonly asked: Asked | undefined;
  /** Numbers the questions, so that an answer is known for what it answers. */
  readonly askedCount: number;
  /** For noticing an own stall, which says nothing about the others. */
  readonly tickedAtMs: number;
}

export type Reign = Activating | Available | Resigning;

/** Another master, as the available one sees it in this reign. */
export interface Peer {
  readonly masterId: string;
  /** Of its latest hello; empty before one. */
  readonly incarnation: string;
  /** Acknowledged in this epoch (M3): on its disk, and the same as here. */
  readonly matchSeq: number;
  /** A guess: where to go on sending. */
  readonly nextSeq: number;
  /** When the latest append or beat that it acknowledged was sent (M9). */
  readonly leaseFromMs: number;
  /** So long it waits for a lease that it granted. */
  readonly leaseMs: number;
  /** It had everything that existed then. */
  readonly caughtUpAtMs: number;
  /** To move caughtUpAtMs on under load: what existed at goalAtMs. */
  readonly goalSeq: number;
  readonly goalAtMs: number;
  /** Refusals of what was sent before are late: the position was corrected then. */
  readonly rewoundAtMs: number;
  /** How often it was taken out of the set for being too slow, and until when it stays out for that. */
  readonly lagged: number;
  readonly barredUntilMs: number;
  /** It ends, and said so: it acknowledges until it is out of the set. */
  readonly leaving: boolean;
  readonly stream: 'none' | 'open' | 'broken';
  /** When its stream was last seen to break. */
  readonly brokenAtMs: number;
}

export interface Pending {
  readonly sinceVersion: number;
  readonly inSyncIds: readonly string[];
}

export interface Asked {
  readonly number: number;
  readonly version: number;
  readonly inSyncIds: readonly string[];
  readonly atMs: number;
  readonly refused: boolean;
}

export function isReign(role: ReplicaRole): role is Reign {
  return role.kind === 'activating' || role.kind === 'available' || role.kind === 'resigning';
}
