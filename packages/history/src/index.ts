export { checkHistory } from './check.js';
export { describeFindings } from './describe.js';
export type {
  ChangeRecord,
  Finding,
  History,
  JournalRecord,
  OrderedPost,
  Outcome,
  PageRecord,
  PostRecord,
  ReignRecord,
  Rule,
  StateRecord,
  StreamRecord,
  TakenEntry,
} from './history.js';
export { longestPauseMs } from './pause.js';
