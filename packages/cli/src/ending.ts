/** The exit codes of every command: the promise of the manual. */
export const exitCodes = { done: 0, refused: 1, usage: 2, unreachable: 69, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** How a command ends when it does not end well: one line for people, and the exit code. */
export class Ending extends Error {
  override readonly name = 'Ending';
  readonly exitCode: ExitCode;
  /** The machine-readable reason, when the cluster gave one. */
  readonly reason: string | undefined;

  private constructor(exitCode: ExitCode, line: string, options: EndingOptions = {}) {
    super(line, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = exitCode;
    this.reason = options.reason;
  }

  static refused(line: string, options?: EndingOptions): Ending {
    return new Ending(exitCodes.refused, line, options);
  }

  static usage(line: string, options?: EndingOptions): Ending {
    return new Ending(exitCodes.usage, line, options);
  }

  static unreachable(line: string, options?: EndingOptions): Ending {
    return new Ending(exitCodes.unreachable, line, options);
  }

  /** The same end, told otherwise. */
  saying(line: string): Ending {
    return new Ending(this.exitCode, line, { reason: this.reason, cause: this.cause });
  }

  static interrupted(): Ending {
    return new Ending(exitCodes.interrupted, 'interrupted');
  }
}

interface EndingOptions {
  readonly reason?: string | undefined;
  readonly cause?: unknown;
}
