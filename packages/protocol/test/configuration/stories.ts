import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The stories lie beside the sources. */
export const storiesFolder = fileURLToPath(
  new URL('../../../test/configuration/transcripts/', import.meta.url),
);

export function stories(): readonly { file: string; told: string }[] {
  return readdirSync(storiesFolder)
    .toSorted()
    .map((file) => ({ file, told: readFileSync(storiesFolder + file, 'utf8') }));
}
