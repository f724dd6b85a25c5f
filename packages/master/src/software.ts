import { readFileSync } from 'node:fs';

/** The version in the package's manifest: what the router shows of this master. */
export const software = versionIn(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

function versionIn(manifest: string): string {
  const read: unknown = JSON.parse(manifest);
  return typeof read === 'object' && read !== null && 'version' in read ? String(read.version) : '';
}
