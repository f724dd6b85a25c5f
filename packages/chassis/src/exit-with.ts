/** How a process of ours ends, after sysexits(3). Those from 75 on tell a supervisor more than "try again". */
export const exitCodes = {
  done: 0,
  /** Something nobody had thought of. */
  unexpected: 70,
  /** Another copy runs. */
  taken: 75,
  /** A restart cannot help until somebody grants what is missing. */
  permission: 77,
  /** A restart cannot help until somebody changes the configuration. */
  configuration: 78,
} as const;

/** Ends the process with a code and one sentence on stderr (on stdout with code 0), when `start` of `runProcess` throws it. */
export class ExitWith extends Error {
  override readonly name: string = 'ExitWith';
  readonly code: number;

  constructor(code: number, sentence: string, options?: { readonly cause?: unknown }) {
    super(sentence, options);
    this.code = code;
  }
}
