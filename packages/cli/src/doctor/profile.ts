import { statSync } from 'node:fs';
import { Ending } from '../ending.js';
import { readProfile } from '../profile/profile.js';
import { type Finding, fault, ok, warning } from './finding.js';

export function checkProfile(path: string): Finding {
  try {
    const { user } = readProfile(path);
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & 0o077) !== 0) return warning('profile', `${path} can be read by others`, `chmod 600 ${path}`);
    return ok('profile', user === undefined ? 'nobody is logged in' : `${user} is logged in`);
  } catch (error) {
    if (!(error instanceof Ending)) throw error;
    return fault('profile', error.message, `rm ${path}`);
  }
}
