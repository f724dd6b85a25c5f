import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DamagedStore, damagedBy } from '../errors.js';

/** A file that is read page by page. */
export class PageFile implements Disposable {
  readonly path: string;
  readonly bytes: number;
  /** Known once the first one is read. */
  pageBytes = 0;
  readonly #file: number;

  private constructor(path: string, file: number) {
    this.path = path;
    this.#file = file;
    this.bytes = fstatSync(file).size;
  }

  /** @throws DamagedStore when it is not there */
  static open(path: string): PageFile {
    try {
      return new PageFile(path, openSync(path, 'r'));
    } catch (error) {
      throw damagedBy(path, 'it cannot be opened', error);
    }
  }

  get count(): number {
    return Math.floor(this.bytes / this.pageBytes);
  }

  /** @throws DamagedStore when it is not in the file */
  page(number: number, count = 1): Buffer {
    if (number + count > this.count) {
      throw new DamagedStore(
        this.path,
        `it has ${this.count} pages, and page ${number + count - 1} is needed`,
      );
    }
    return this.read(number * this.pageBytes, this.pageBytes);
  }

  /** @throws DamagedStore when the file ends before */
  read(at: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    if (readSync(this.#file, bytes, 0, length, at) < length)
      throw new DamagedStore(this.path, `it ends at byte ${this.bytes}`);
    return bytes;
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
