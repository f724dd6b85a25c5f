import { type Core, entriesFrame } from './frames.js';

/** Longer runs are seldom the same for two readers. */
const longestShared = 16;

/** Readers that get the same entries after the same one get the same bytes: made once, for one round of telling. */
export class FrameCache {
  readonly #frames = new Map<string, Buffer>();

  entries(cores: readonly Core[], prevSeq: number): Buffer {
    if (cores.length > longestShared) return entriesFrame(cores, prevSeq);
    let key = `${prevSeq}`;
    for (const { seq } of cores) key += `,${seq}`;
    const known = this.#frames.get(key);
    if (known !== undefined) return known;
    const frame = entriesFrame(cores, prevSeq);
    this.#frames.set(key, frame);
    return frame;
  }
}
