/** Which entry is of which epoch, as the places where epochs begin. */
export class EpochRuns {
  readonly #runs: { readonly fromSeq: number; readonly epoch: number }[];

  /** @param runs in order */
  constructor(runs: readonly { readonly fromSeq: number; readonly epoch: number }[]) {
    this.#runs = [...runs];
  }

  /** Undefined before the first run. Whether there is such an entry is for others to know. */
  at(seq: number): number | undefined {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle]?.fromSeq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return this.#runs[low - 1]?.epoch;
  }

  add(seq: number, epoch: number): void {
    const last = this.#runs.at(-1);
    if (last?.epoch !== epoch) this.#runs.push({ fromSeq: seq, epoch });
  }

  /** Forgets this entry and all after it. */
  cut(fromSeq: number): void {
    while ((this.#runs.at(-1)?.fromSeq ?? 0) >= fromSeq && this.#runs.length > 0) this.#runs.pop();
  }
}
