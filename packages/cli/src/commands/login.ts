import { withClient } from '../client.js';
import type { DefineCommand } from '../context.js';
import { examples } from '../print/help.js';
import { visible } from '../print/visible.js';
import { writeProfile } from '../profile/profile.js';

export const define: DefineCommand = (program, act) =>
  program
    .command('login')
    .argument('<name>', '1–32 of a-z 0-9 . _ -, beginning with a letter or digit')
    .description('say who I am; a first login makes the user')
    .addHelpText('after', examples(['everline login alice', 'everline login bob --router 10.0.0.5:3010']))
    .action(
      act<[string]>(async (context, typed) => {
        const { settings, profilePath } = context;
        const name = typed.trim().toLowerCase();
        const { created } = await withClient(context, (client) => client.login(name));
        // A router that was named is remembered; the default is not, so that it can change.
        const router = settings.routersFrom === 'default' ? {} : { router: settings.routers.join(',') };
        writeProfile(profilePath, { user: name, ...router });
        if (settings.json) context.data('', { user: name, created });
        context.note(created ? `Welcome, ${visible(name)}.` : `Welcome back, ${visible(name)}.`);
        return undefined;
      }),
    );
