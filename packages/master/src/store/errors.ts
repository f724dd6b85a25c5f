/** What is on the disk is not what was written there. The master neither serves nor counts as in sync; it fetches all anew (M13). */
export class DamagedStore extends Error {
  override readonly name = 'DamagedStore';
  readonly file: string;

  constructor(file: string, what: string, options?: { readonly cause?: unknown }) {
    super(
      `${file} is damaged: ${what}. Start once with \`everline master --reset-from-peers\`: what is here is kept aside, and everything is fetched anew`,
      options,
    );
    this.file = file;
  }
}

/** Something failed, or says what it must not, where the file was read. */
export function damagedBy(file: string, what: string, cause: unknown): DamagedStore {
  return new DamagedStore(file, cause instanceof Error ? `${what}: ${cause.message}` : what, { cause });
}

/** The data directory was written by a later version of the program. */
export class NewerFormat extends Error {
  override readonly name = 'NewerFormat';

  constructor(file: string, found: number, known: number) {
    super(
      `${file} has format ${found}; this version knows formats up to ${known}: start the version that wrote it`,
    );
  }
}

/** M13: the first error of writing or flushing. Nothing is written after it. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed';

  constructor(what: string, options: { readonly cause: unknown }) {
    super(what, options);
  }
}

export function failedBy(what: string, cause: unknown): StoreFailed {
  if (cause instanceof StoreFailed) return cause;
  return new StoreFailed(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}
