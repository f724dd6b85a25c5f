/**
 * The tables of the state. Keys are binary and ordered; one that begins with an owner's number is read owner by owner.
 * The order is that of snapshots: never changed, only added to.
 */
export const tables = [
  /** name → StoredUser */
  'users',
  /** user → seq of the newest post, name */
  'members',
  /** follower, followee → seq of the follow */
  'following',
  /** followee, seq of the follow → follower */
  'followers',
  /** author, seq → Post */
  'posts',
  /** post id → author, seq */
  'places',
  /** command id → StoredAnswer */
  'answers',
  /** seq → command id: the answers, oldest first */
  'answer-ages',
  /** user → StoredSession */
  'sessions',
  /** seq → epoch: where reigns begin */
  'reigns',
  /** seq → the command that could not be applied */
  'quarantine',
] as const;

export type Table = (typeof tables)[number];

/** In snapshots a key has this byte before it. */
export function tableByte(table: Table): number {
  return tables.indexOf(table) + 1;
}

export function tableOf(byte: number): Table | undefined {
  return tables[byte - 1];
}

/** How many bytes at the beginning of a key are read as one group, in order; undefined for a table that is never read in order. */
export const groupBytes: Readonly<Record<Table, number | undefined>> = {
  users: undefined,
  members: 0,
  following: 4,
  followers: 4,
  posts: 4,
  places: undefined,
  answers: undefined,
  'answer-ages': 0,
  sessions: 0,
  reigns: 0,
  quarantine: 0,
};
