/** Room that is written over again and again, as buffers of whatever length: one is only good until the next is asked for. */
export class Scratch {
  readonly #views: Buffer[] = [];
  #room: Buffer = Buffer.alloc(64);

  of(length: number): Buffer {
    const known = this.#views[length];
    if (known !== undefined) return known;
    if (length > this.#room.length) {
      this.#room = Buffer.alloc(2 * length);
      this.#views.length = 0;
    }
    const view = this.#room.subarray(0, length);
    this.#views[length] = view;
    return view;
  }
}
