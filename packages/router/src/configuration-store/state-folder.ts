// The state file of one folder: written to a temporary, flushed, renamed, the folder flushed (R1). After any crash it is the old
// or the new one. The temporary is opened beforehand: a failover waits for a write and two flushes only.
import { join } from 'node:path';
import type { Disk } from './disk.js';
import { NotKept, OutcomeUnknown } from './errors.js';
import type { SetResult, Stored } from './port.js';
import { decodeStateFile, encodeStateFile } from './state-file.js';
import { WaitingLine } from './waiting-line.js';

export const stateFileName = 'state';

export class StateFolder {
  readonly line = new WaitingLine();
  readonly watchers = new Set<(newest: Stored) => void>();
  /** Undefined: to be read. Only this process writes, for it holds the folder's lock. */
  private known: { readonly newest: Stored | undefined } | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private temporary: number | undefined;
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

  async compareAndSet(expected: number, bytes: Uint8Array): Promise<SetResult> {
    const result = await this.inTurn(() => this.set(expected, bytes));
    void this.inTurn(() => this.prepare()).catch(() => {}); // the next set says what is wrong
    return result;
  }

  /** Opens what a set needs. */
  async prepare(): Promise<void> {
    this.folderFd ??= await this.disk.openFolder(this.folder);
    this.temporary ??= await this.disk.create(`${this.path}.new`);
  }

  close(): Promise<void> {
    return this.inTurn(async () => {
      if (this.temporary !== undefined) await this.disk.close(this.temporary);
      if (this.folderFd !== undefined) await this.disk.close(this.folderFd);
      this.temporary = undefined;
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
    await this.writeTemporary(encodeStateFile(next));
    await this.putInPlace();
    this.known = { newest: next };
    for (const tell of this.watchers) tell(next);
    return { kind: 'kept', revision: next.revision };
  }

  /** Until the rename the old file is untouched. */
  private async writeTemporary(content: Uint8Array): Promise<void> {
    try {
      await this.prepare();
      const fd = this.temporary;
      if (fd === undefined) throw new Error('the temporary file is not open');
      await this.disk.write(fd, content);
      await this.disk.flush(fd);
    } catch (error) {
      await this.dropTemporary();
      throw new NotKept(`${this.path} could not be written`, { cause: error });
    }
  }

  private async putInPlace(): Promise<void> {
    const { folderFd } = this;
    try {
      await this.disk.rename(`${this.path}.new`, this.path);
      if (folderFd !== undefined) await this.disk.flushFolder(folderFd);
    } catch (error) {
      this.known = undefined;
      throw new OutcomeUnknown(`${this.path} may or may not have been replaced`, { cause: error });
    } finally {
      await this.dropTemporary();
    }
  }

  private async dropTemporary(): Promise<void> {
    const fd = this.temporary;
    this.temporary = undefined;
    if (fd !== undefined) await this.disk.close(fd).catch(() => {});
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => {});
    return result;
  }
}
