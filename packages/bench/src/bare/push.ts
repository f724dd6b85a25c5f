import type { ServerDuplexStream } from '@grpc/grpc-js';

interface Reader {
  readonly stream: ServerDuplexStream<unknown, Buffer>;
  due: number;
}

/** The same bytes to every stream, as often as asked, no faster than each takes them. */
export class Push {
  readonly #frame: Buffer;
  readonly #readers = new Set<Reader>();

  constructor(frame: Buffer) {
    this.#frame = frame;
  }

  add(stream: ServerDuplexStream<unknown, Buffer>): void {
    const reader: Reader = { stream, due: 0 };
    this.#readers.add(reader);
    stream.on('drain', () => this.#write(reader));
    stream.on('close', () => this.#readers.delete(reader));
    stream.on('cancelled', () => this.#readers.delete(reader));
  }

  begin(frames: number): void {
    for (const reader of this.#readers) {
      reader.due += frames;
      this.#write(reader);
    }
  }

  #write(reader: Reader): void {
    while (reader.due > 0) {
      reader.due--;
      if (!reader.stream.write(this.#frame)) return;
    }
  }
}
