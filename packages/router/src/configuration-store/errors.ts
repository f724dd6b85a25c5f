/** Nothing was changed: the disk is full, say. The same call may succeed later. */
export class NotKept extends Error {
  override readonly name = 'NotKept';
}

/** The change may be there or not: the flush failed, or the connection broke. Only `get` can tell. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** What is kept cannot be read. The message names the place, what is wrong, and the remedy. */
export class DamagedState extends Error {
  override readonly name = 'DamagedState';
}
