/**
 * The one owner of the terminal: the three streams, colours, the interrupt, and the end of the process.
 *
 * Data goes to `out`, everything else to `err`. A reader that goes away (`| head -1`) is no fault: writing becomes a
 * no-op and `abandoned` aborts. Any other write error (a full disk behind `>`) is kept and makes the process end with 1.
 */
export interface Output {
  readonly isTerminal: boolean;
  readonly colours: boolean;
  columns(): number;
  write(text: string): void;
}

export interface Input {
  readonly isTerminal: boolean;
  bytes(): AsyncIterable<Uint8Array>;
}

export interface Terminal {
  readonly out: Output;
  readonly err: Output;
  readonly input: Input;
  /** Ctrl-C, SIGTERM or the terminal's hang-up. A second one ends the process at once. */
  readonly interrupted: AbortSignal;
  /** Nobody reads `out` any more. */
  readonly abandoned: AbortSignal;
  /** Ends the process when all that was written is out. */
  end(exitCode: number): Promise<never>;
}

export const interruptedExitCode = 130;

export function openTerminal(options: { readonly noColour: boolean }): Terminal {
  const abandoned = new AbortController();
  let writeError: NodeJS.ErrnoException | undefined;
  const failed = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') writeError ??= error;
    abandoned.abort(error);
  };
  const out = outputOf(process.stdout, options.noColour, failed);
  const err = outputOf(process.stderr, options.noColour, () => {});
  return {
    out,
    err,
    input: {
      isTerminal: process.stdin.isTTY === true,
      bytes: () => process.stdin,
    },
    interrupted: hearInterrupts(),
    abandoned: abandoned.signal,
    async end(exitCode) {
      await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
      if (writeError === undefined) return process.exit(exitCode);
      err.write(`everline: the output could not be written: ${writeError.message}\n`);
      return process.exit(exitCode === 0 ? 1 : exitCode);
    },
  };
}

function outputOf(
  stream: NodeJS.WriteStream,
  noColour: boolean,
  failed: (error: NodeJS.ErrnoException) => void,
): Output {
  const isTerminal = stream.isTTY === true;
  let broken = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (broken) return;
    broken = true;
    failed(error);
  });
  return {
    isTerminal,
    colours: isTerminal && !noColour,
    columns: () => stream.columns ?? 80,
    write(text) {
      if (!broken) stream.write(text);
    },
  };
}

function hearInterrupts(): AbortSignal {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (interrupted.signal.aborted) process.exit(interruptedExitCode);
      interrupted.abort(new Error(`interrupted by ${name}`));
    });
  }
  return interrupted.signal;
}

/** A stream that broke calls back, too, with its error, which was heard already. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else stream.write('', () => resolve());
  });
}
