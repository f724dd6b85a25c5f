// What every configuration store must do.
import { afterEach, expect, test } from '@jest/globals';
import { type ConfigurationStore, NotKept, OutcomeUnknown } from '../../src/configuration-store/index.js';

/** One place to keep things, which outlives its handles. */
export interface Place extends AsyncDisposable {
  open(): Promise<ConfigurationStore>;
  /** The next change fails, before anything was changed, or after. */
  failNext(moment: 'before' | 'after'): void;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (kept: { bytes: Uint8Array } | undefined): string => new TextDecoder().decode(kept?.bytes);

export function contract(name: string, makePlace: () => Promise<Place>): void {
  const open: AsyncDisposable[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
  });
  async function place(): Promise<Place> {
    const made = await makePlace();
    open.push(made);
    return made;
  }
  async function handle(of: Place): Promise<ConfigurationStore> {
    const store = await of.open();
    open.push(store);
    return store;
  }

  test(`${name}: in the beginning there is nothing`, async () => {
    const store = await handle(await place());
    expect(await store.get()).toBeUndefined();
  });

  test(`${name}: what is set is there, also for one who comes later (R1)`, async () => {
    const here = await place();
    const store = await handle(here);
    expect(await store.compareAndSet(0, bytes('one'))).toEqual({ kind: 'kept', revision: 1 });
    expect(await store.compareAndSet(1, bytes('two'))).toEqual({ kind: 'kept', revision: 2 });
    await store[Symbol.asyncDispose]();
    const newest = await (await handle(here)).get();
    expect(newest?.revision).toBe(2);
    expect(text(newest)).toBe('two');
  });

  test(`${name}: who comes with an old revision is refused and told the newest`, async () => {
    const store = await handle(await place());
    await store.compareAndSet(0, bytes('one'));
    const result = await store.compareAndSet(0, bytes('late'));
    expect(result).toMatchObject({ kind: 'conflict', newest: { revision: 1 } });
    expect(text(await store.get())).toBe('one');
  });

  test(`${name}: of many at once exactly one is kept, whichever handle it comes by`, async () => {
    const here = await place();
    const [one, other] = [await handle(here), await handle(here)];
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? one : other).compareAndSet(0, bytes(String(i)))),
    );
    const kept = results.flatMap(({ kind }, i) => (kind === 'kept' ? [i] : []));
    expect(kept).toHaveLength(1);
    expect(text(await one.get())).toBe(String(kept[0]));
  });

  test(`${name}: who watches is told the newest, by whatever handle it was set, until it stops`, async () => {
    const here = await place();
    const [one, other] = [await handle(here), await handle(here)];
    const told: string[] = [];
    const stop = other.watch((newest) => told.push(text(newest)));
    await one.compareAndSet(0, bytes('one'));
    expect(told.at(-1)).toBe('one');
    stop();
    await one.compareAndSet(1, bytes('two'));
    expect(told.at(-1)).toBe('one');
  });

  test(`${name}: one decides at a time; the next is let in when that one leaves`, async () => {
    const here = await place();
    const never = new AbortController().signal;
    const first = await (await handle(here)).acquire(never);
    const order: string[] = [];
    const second = (await handle(here)).acquire(never).then((tenure) => {
      order.push('second decides');
      return tenure;
    });
    order.push('first leaves');
    await first[Symbol.asyncDispose]();
    await (await second)[Symbol.asyncDispose]();
    expect(order).toEqual(['first leaves', 'second decides']);
  });

  test(`${name}: who gives up waiting to decide takes nobody's turn`, async () => {
    const here = await place();
    const store = await handle(here);
    const never = new AbortController().signal;
    const first = await store.acquire(never);
    const impatient = new AbortController();
    const given = expect(store.acquire(impatient.signal)).rejects.toThrow('no more');
    impatient.abort(new Error('no more'));
    await given;
    await first[Symbol.asyncDispose]();
    await (await store.acquire(never))[Symbol.asyncDispose]();
  });

  test(`${name}: a change that certainly failed changed nothing, and can be tried again`, async () => {
    const here = await place();
    const store = await handle(here);
    await store.compareAndSet(0, bytes('one'));
    here.failNext('before');
    await expect(store.compareAndSet(1, bytes('two'))).rejects.toBeInstanceOf(NotKept);
    expect(text(await store.get())).toBe('one');
    expect(await store.compareAndSet(1, bytes('again'))).toEqual({ kind: 'kept', revision: 2 });
  });

  test(`${name}: after an unknown outcome the store itself says which it was`, async () => {
    const here = await place();
    const store = await handle(here);
    await store.compareAndSet(0, bytes('one'));
    here.failNext('after');
    await expect(store.compareAndSet(1, bytes('two'))).rejects.toBeInstanceOf(OutcomeUnknown);
    const newest = await store.get();
    expect(['one', 'two']).toContain(text(newest));
    const next = (newest?.revision ?? 0) + 1;
    expect(await store.compareAndSet(next - 1, bytes('three'))).toEqual({ kind: 'kept', revision: next });
    expect(await store.compareAndSet(1, bytes('late'))).toMatchObject({ kind: 'conflict' });
  });
}
