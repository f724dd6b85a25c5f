import type { Bench, Figure, Unit } from './subject.js';

/** A side of a comparison: measured once a round. */
export type Side = () => Promise<Readonly<Record<string, number>>>;

/**
 * The sides one after the other, round by round, every other round in the opposite order: what the machine does to one it does to all.
 * A round more than is counted comes first: in it the processes load, compile and grow.
 * @returns for each side and each of its values, one value a round
 */
export async function alternate(
  bench: Bench,
  rounds: number,
  sides: Readonly<Record<string, Side>>,
): Promise<Values> {
  const values: Record<string, number[]> = {};
  for (let round = -1; round < rounds; round++) {
    const order = Object.entries(sides);
    if (round % 2 !== 0) order.reverse();
    for (const [name, side] of order) {
      bench.stop.throwIfAborted();
      const measured = await side();
      if (round < 0) continue;
      for (const [what, value] of Object.entries(measured)) {
        const id = `${name}.${what}`;
        values[id] = [...(values[id] ?? []), value];
      }
    }
  }
  return new Values(values);
}

export class Values {
  readonly #values: Readonly<Record<string, readonly number[]>>;

  constructor(values: Readonly<Record<string, readonly number[]>>) {
    this.#values = values;
  }

  of(id: string): readonly number[] {
    const values = this.#values[id];
    if (values === undefined) throw new Error(`${id} was not measured`);
    return values;
  }
}

export function figure(id: string, what: string, unit: Unit, values: readonly number[]): Figure {
  return { id, what, unit, values };
}
