/** The only file that reads the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A copy as it is now: what changes later changes no configuration. */
export function processEnvironment(): Environment {
  return Object.freeze({ ...process.env });
}

/** The arguments after the program's name. */
export function processArguments(): readonly string[] {
  return process.argv.slice(2);
}
