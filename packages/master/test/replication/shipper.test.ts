import type { Clock, OpenOut } from '@everline/chassis';
import { ReplicateResponse } from '@everline/contracts';
import type { ReplicaEvent } from '@everline/protocol/replica';
import { expect, test } from '@jest/globals';
import { Shipper, type ShipperOptions } from '../../src/replication/shipper.js';
import { StandbyStream } from '../../src/replication/standby-stream.js';
import { encodeEntry, type JournalEntry } from '../../src/store/journal-entry.js';

const kib = 1024;

/** An available master with so many entries of 1 KiB, whose loop turns by hand. */
class Available {
  readonly shipped: number[] = [];
  readonly #entries: JournalEntry[] = [];
  readonly #soon: (() => void)[] = [];
  readonly shipper: Shipper;

  constructor(entries: number) {
    for (let seq = 1; seq <= entries; seq++) this.append();
    const clock = { nowMs: () => 0, soon: (run: () => void) => this.#soon.push(run) } as unknown as Clock;
    const peers = ['b', 'c'].map((masterId) => ({ masterId, nextSeq: 1 }));
    const host = {
      replica: { role: { kind: 'available', epoch: 1, peers }, standing: { committedSeq: 0 } },
      dispatch: (event: ReplicaEvent) => event.kind === 'shipped' && this.shipped.push(event.seq),
    };
    const store = {
      positions: () => ({ firstSeq: 1, lastSeq: this.#entries.length }),
      epochAt: () => 1,
      read: (fromSeq: number, maxBytes: number) =>
        this.#entries.slice(fromSeq - 1, fromSeq - 1 + Math.floor(maxBytes / kib)),
    };
    this.shipper = new Shipper({ host, clock, beatMs: 100, store } as unknown as ShipperOptions);
  }

  append(): void {
    this.#entries.push(encodeEntry(this.#entries.length + 1, 1, Buffer.alloc(kib)));
  }

  /** @returns what of the journal came in which message */
  standby(masterId: string): { readonly stream: StandbyStream; readonly came: (readonly number[])[] } {
    const came: (readonly number[])[] = [];
    const write = (message: Buffer): boolean => {
      const { response } = ReplicateResponse.decode(message);
      const { prevSeq = 0n, entries = [] } = response?.$case === 'append' ? response.value : {};
      came.push([Number(prevSeq) + 1, Number(prevSeq) + entries.length]);
      return true;
    };
    const stream = new StandbyStream(masterId, '1', { write } as unknown as OpenOut<ReplicateResponse>);
    this.shipper.attach(stream);
    return { stream, came };
  }

  turn(): void {
    for (const run of this.#soon.splice(0)) run();
  }
}

test('a standby that is far behind gets one message in a turn of the loop, whatever else happens in it', () => {
  const available = new Available(150);
  const { came } = available.standby('b');
  available.shipper.ship('b');
  available.append();
  available.shipper.shipAll();
  available.shipper.acknowledged('b', 1);
  expect(came).toEqual([[1, 64]]);
  available.turn();
  available.shipper.shipAll();
  expect(came).toEqual([
    [1, 64],
    [65, 128],
  ]);
  available.turn();
  available.turn();
  expect(came.slice(2)).toEqual([[129, 151]]);
  expect(available.shipped).toEqual([64, 128, 151]);
});

test('who has everything gets what is new at once, while another one is far behind', () => {
  const available = new Available(100);
  const [behind, upToDate] = [available.standby('b'), available.standby('c')];
  available.shipper.ship('b');
  available.shipper.ship('c');
  available.turn();
  expect([behind.came.length, upToDate.came.length]).toEqual([2, 2]);
  behind.stream.goTo(1);
  available.shipper.shipAll();
  available.append();
  available.shipper.shipAll();
  expect([behind.came.at(-1), upToDate.came.at(-1)]).toEqual([
    [1, 64],
    [101, 101],
  ]);
});

test('whose stream another one has replaced gets nothing more', () => {
  const available = new Available(150);
  const former = available.standby('b');
  available.shipper.ship('b');
  former.stream.end = () => undefined;
  const later = available.standby('b');
  available.turn();
  expect([former.came.length, later.came.length]).toEqual([1, 0]);
  available.shipper.ship('b');
  expect(later.came).toEqual([[1, 64]]);
});
