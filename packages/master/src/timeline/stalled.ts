import { type Clock, DeadlineExceeded, withDeadline } from '@everline/chassis';

/** The end of a timeline that its client takes from. */
export interface Outlet {
  /** Resolves when a write is welcome again; rejects when the client is gone. */
  ready(): Promise<void>;
  /** Messages that the client has not taken yet. */
  readonly pending: number;
}

/** @throws DeadlineExceeded when the client takes nothing for `mostMs`: one message in that time is enough to go on */
export async function untilReady(outlet: Outlet, clock: Clock, mostMs: number): Promise<void> {
  const ready = outlet.ready();
  for (let before = outlet.pending; ; before = outlet.pending) {
    try {
      return await withDeadline(clock, mostMs, 'reading client', () => ready);
    } catch (error) {
      if (!(error instanceof DeadlineExceeded) || outlet.pending >= before) throw error;
    }
  }
}
