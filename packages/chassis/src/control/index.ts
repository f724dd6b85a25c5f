export { type ControlAddress, controlAddress } from './address.js';
export { type ControlCard, readCard } from './card.js';
export { type DeathSign, openDeathSign } from './death-sign.js';
export { moveTail } from './finish-rotation.js';
export {
  type Identity,
  identify,
  lives,
  livingMembers,
  parseIdentity,
  signal,
  signalGroup,
} from './identity.js';
export { isRecord } from './lines.js';
export type { ControlLink, LinkEvents } from './link.js';
export type { Body, ControlState, Facts } from './messages.js';
export { isFacts } from './messages.js';
export {
  type Control,
  type ControlOptions,
  type Opening,
  openControl,
  tryOpenControl,
} from './open-control.js';
export type { ControlPeer, RequestHandler } from './peers.js';
export { ageMs, lookAt, type ProcessSight } from './process-table.js';
export { type Watched, type WatchOptions, watchControl } from './watch-control.js';
