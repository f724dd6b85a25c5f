// What clients saw in one schedule, for the history check.
import type {
  ChangeRecord,
  History,
  JournalRecord,
  PageRecord,
  PostRecord,
  ReignRecord,
} from '@everline/history';
import type { Master } from './master.js';
import type { World } from './world.js';

export class Recording {
  readonly posts: PostRecord[] = [];
  readonly pages: PageRecord[] = [];
  readonly reigns: ReignRecord[] = [];
  readonly epochs: number[] = [];

  /** When all is quiet: what a master holds then is what somebody finds who comes then. */
  history({ clients, readers, auditor, masters, schedule }: World): History {
    const people = [...clients, ...readers, auditor].map(({ name }) => name);
    const order = masters[0]?.store.state.posts ?? [];
    return {
      posts: this.posts,
      changes: people.flatMap((reader) => clients.map(({ name }) => followed(reader, name))),
      streams: readers.map(({ name, entries, fromSeq }) => ({
        reader: name,
        includeOwn: false,
        entries,
        afterSeq: fromSeq ?? Number.POSITIVE_INFINITY,
        untilSeq: order.at(-1)?.seq ?? 0,
        endedMs: schedule.nowMs,
      })),
      pages: this.pages,
      order: order.map(({ id, seq }) => ({ id, author: authorOf(id), text: id, seq })),
      reigns: this.reigns,
      eventEpochs: this.epochs,
      states: masters.map(({ store: { masterId, state } }) => {
        return { masterId, seq: state.appliedSeq, hash: String(state.hash) };
      }),
      // One that a snapshot has just replaced has nothing to say.
      journals: masters.map(journalOf).filter(({ entries }) => entries.length > 0),
    };
  }
}

/** Ids begin with who made them. */
export function authorOf(id: string): string {
  return id.slice(0, id.indexOf('-'));
}

/** Everybody reads everybody, from before the beginning. */
function followed(reader: string, author: string): ChangeRecord {
  return { kind: 'follow', reader, author, begunMs: -2, endedMs: -1, outcome: 'acknowledged' };
}

function journalOf({ store: { masterId, journal }, committedSeq }: Master): JournalRecord {
  const entries = journal.read(journal.firstSeq, Number.POSITIVE_INFINITY);
  return {
    masterId,
    committedSeq,
    entries: entries.map(({ seq, epoch, id }) => ({ seq, epoch, digest: id })),
  };
}
