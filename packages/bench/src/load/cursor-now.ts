import type { Client } from '@everline/client';

/** Where a timeline goes on that begins now. */
export async function cursorNow(reader: Client): Promise<string> {
  for await (const event of reader.timeline({ recent: 0 }))
    if (event.kind === 'caught-up') return event.cursor;
  throw new Error('the timeline ended before it had caught up');
}
