import { entriesFrame, type Link } from './frames.js';

/** Longer runs are seldom the same for two readers. */
const longestShared = 16;

/** Readers that get the same entries after the same ones get the same bytes: made once, for one round of telling. */
export class FrameCache {
  readonly #frames = new Map<string, Buffer>();

  entries(links: readonly Link[]): Buffer {
    if (links.length > longestShared) return entriesFrame(links);
    let key = '';
    for (const { core, prevSeq } of links) key += `${prevSeq}>${core.seq},`;
    const known = this.#frames.get(key);
    if (known !== undefined) return known;
    const frame = entriesFrame(links);
    this.#frames.set(key, frame);
    return frame;
  }
}
