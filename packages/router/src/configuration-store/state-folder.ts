// The state file of one folder. It is made whole beside its place and renamed (R1); from then on its two copies are written over, one after the
// other, so that after any crash one of them is whole. Whoever waits for a decision waits for one write that returns when it is on disk.
import { join } from 'node:path';
import type { Disk } from './disk.js';
import { NotKept, OutcomeUnknown } from './errors.js';
import type { SetResult, Stored } from './port.js';
import { decodeStateFile, encodeCopy, encodeStateFile } from './state-file.js';
import { WaitingLine } from './waiting-line.js';

export const stateFileName = 'state';

/** The state file, open to be written over. */
interface InPlace {
  readonly fd: number;
  /** What a copy may take. */
  readonly half: number;
}

export class StateFolder {
  readonly line = new WaitingLine();
  readonly watchers = new Set<(newest: Stored) => void>();
  /** Undefined: to be read. Only this process writes, for it holds the folder's lock. */
  private known: { readonly newest: Stored | undefined } | undefined;
  private last: Promise<unknown> = Promise.resolve();
  /** Undefined: to be made anew. */
  private inPlace: InPlace | undefined;
  /** The copy that is yet to be written. */
  private other: { readonly fd: number; readonly copy: Uint8Array; readonly at: number } | undefined;
  private folderFd: number | undefined;
  private readonly path: string;
  private readonly folder: string;
  private readonly disk: Disk;

  constructor(folder: string, disk: Disk) {
    this.folder = folder;
    this.disk = disk;
    this.path = join(folder, stateFileName);
  }

  get(): Promise<Stored | undefined> {
    return this.inTurn(() => this.newest());
  }

  /** The turn lasts until both copies are written: the first may be overwritten only where the other is as new. */
  compareAndSet(expected: number, bytes: Uint8Array): Promise<SetResult> {
    return new Promise((resolve, reject) => {
      void this.inTurn(async () => {
        await this.set(expected, bytes).then(resolve, reject);
        await this.writeOther();
      });
    });
  }

  close(): Promise<void> {
    return this.inTurn(async () => {
      await this.letGo();
      if (this.folderFd !== undefined) await this.disk.close(this.folderFd);
      this.folderFd = undefined;
    });
  }

  private async newest(): Promise<Stored | undefined> {
    if (this.known !== undefined) return this.known.newest;
    const content = await this.disk.readFile(this.path);
    const newest = content === undefined ? undefined : decodeStateFile(this.path, content);
    this.known = { newest };
    return newest;
  }

  private async set(expected: number, bytes: Uint8Array): Promise<SetResult> {
    const newest = await this.newest();
    if ((newest?.revision ?? 0) !== expected) return { kind: 'conflict', newest };
    const next: Stored = { revision: expected + 1, bytes };
    const copy = encodeCopy(next);
    const { inPlace } = this;
    if (inPlace === undefined || newest === undefined || copy.length > inPlace.half) await this.replace(copy);
    else await this.overwrite(inPlace, copy, encodeCopy(newest));
    this.known = { newest: next };
    for (const tell of this.watchers) tell(next);
    return { kind: 'kept', revision: next.revision };
  }

  private async overwrite({ fd, half }: InPlace, copy: Uint8Array, former: Uint8Array): Promise<void> {
    try {
      await this.disk.write(fd, copy, 0);
    } catch (error) {
      await this.putBack(fd, former, error);
    }
    this.other = { fd, copy, at: half };
  }

  /** Nobody waits for it: where it fails, the next change makes the file anew. */
  private async writeOther(): Promise<void> {
    const { other } = this;
    this.other = undefined;
    if (other !== undefined) await this.disk.write(other.fd, other.copy, other.at).catch(() => this.letGo());
  }

  /** @throws NotKept when `former` is in its place again, OutcomeUnknown otherwise */
  private async putBack(fd: number, former: Uint8Array, cause: unknown): Promise<never> {
    try {
      await this.disk.write(fd, former, 0);
    } catch (again) {
      this.known = undefined;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new OutcomeUnknown(`${this.path} may or may not have been changed: ${why}`, { cause: again });
    } finally {
      await this.letGo();
    }
    throw new NotKept(`${this.path} could not be written`, { cause });
  }

  /** Until the rename the old file is untouched. */
  private async replace(copy: Uint8Array): Promise<void> {
    await this.letGo();
    const content = encodeStateFile(copy);
    let fd: number | undefined;
    let touched = false;
    try {
      this.folderFd ??= await this.disk.openFolder(this.folder);
      fd = await this.disk.create(`${this.path}.new`);
      await this.disk.write(fd, content, 0);
      touched = true;
      await this.disk.rename(`${this.path}.new`, this.path);
      await this.disk.flushFolder(this.folderFd);
    } catch (cause) {
      if (fd !== undefined) await this.disk.close(fd).catch(() => {});
      if (!touched) throw new NotKept(`${this.path} could not be written`, { cause });
      this.known = undefined;
      throw new OutcomeUnknown(`${this.path} may or may not have been replaced`, { cause });
    }
    this.inPlace = { fd, half: content.length / 2 };
  }

  private async letGo(): Promise<void> {
    const { inPlace } = this;
    this.inPlace = undefined;
    if (inPlace !== undefined) await this.disk.close(inPlace.fd).catch(() => {});
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => {});
    return result;
  }
}
