import type { DefineCommand } from '../context.js';
import { examples } from '../print/help.js';
import { visible } from '../print/visible.js';
import { readProfile, removeProfile } from '../profile/profile.js';

export const define: DefineCommand = (program, act) =>
  program
    .command('logout')
    .description('forget who I am, and at which router')
    .addHelpText('after', examples(['everline logout', 'everline logout --profile work']))
    .action(
      act(async ({ profilePath, data, note, settings }) => {
        const user = userIn(profilePath);
        removeProfile(profilePath);
        if (settings.json) data('', { user: user ?? null, loggedOut: user !== undefined });
        note(user === undefined ? 'Nobody was logged in.' : `${visible(user)} is logged out.`);
        return undefined;
      }),
    );

/** A damaged profile is removed, too; whose it was can't be told then. */
function userIn(path: string): string | undefined {
  try {
    return readProfile(path).user;
  } catch {
    return undefined;
  }
}
