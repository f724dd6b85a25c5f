import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ending } from '../ending.js';

/** Who I am, and where: what `everline login` keeps. */
export interface Profile {
  readonly user?: string;
  readonly router?: string;
}

const ownerOnly = 0o600;
const ownerOnlyFolder = 0o700;
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function profilePath(folder: string, name: string): string {
  if (!namePattern.test(name)) {
    throw Ending.usage(
      `\`${name}\` is no name for a profile: letters, digits, \`.\`, \`_\`, \`-\`, 64 at most`,
    );
  }
  return join(folder, 'profiles', `${name}.json`);
}

/** No file is an empty profile. */
export function readProfile(path: string): Profile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return {};
    throw Ending.refused(`the profile ${path} cannot be read: ${codeOf(error)}`, { cause: error });
  }
  return parseProfile(text, path);
}

export function parseProfile(text: string, path: string): Profile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(path, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged(path);
  const { user, router } = value as Record<string, unknown>;
  if (!isOptionalText(user) || !isOptionalText(router)) throw damaged(path);
  return { ...(user !== undefined && { user }), ...(router !== undefined && { router }) };
}

/** In one step and for the owner alone: the file is whole, or as it was before. */
export function writeProfile(path: string, profile: Profile): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(join(path, '..'), { recursive: true, mode: ownerOnlyFolder });
    writeFileSync(temporary, `${JSON.stringify(profile, undefined, 2)}\n`, { mode: ownerOnly });
    chmodSync(temporary, ownerOnly);
    renameSync(temporary, path);
  } catch (error) {
    discard(temporary);
    throw Ending.refused(`the profile ${path} cannot be written: ${codeOf(error)}`, { cause: error });
  }
}

export function removeProfile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw Ending.refused(`the profile ${path} cannot be removed: ${codeOf(error)}`, { cause: error });
  }
}

/** What is told is why the profile could not be written, not why its draft could not be removed. */
function discard(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // Where nothing can be removed nothing was written.
  }
}

function damaged(path: string, cause?: unknown): Ending {
  return Ending.refused(`the profile ${path} is damaged: remove it, then \`everline login\` again`, {
    cause,
  });
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
