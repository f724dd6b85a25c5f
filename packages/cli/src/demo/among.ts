/** Everybody stays until `run` has come to its end, also when it fails: what is still on its way to one who left would count as lost. */
export async function among<T>(people: readonly AsyncDisposable[], run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } finally {
    await Promise.all(people.map((person) => person[Symbol.asyncDispose]()));
  }
}
