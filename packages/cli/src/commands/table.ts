import type { DefineCommand } from '../context.js';

interface CommandModule {
  readonly define: DefineCommand;
}

/** Every command in the order of the help, loaded only when it is asked for: `everline whoami` pays for whoami. */
export const commandModules = {
  up: () => import('./up.js'),
  down: () => import('./down.js'),
  status: () => import('./status.js'),
  demo: () => import('./demo.js'),
  doctor: () => import('./doctor.js'),
  login: () => import('./login.js'),
  logout: () => import('./logout.js'),
  whoami: () => import('./whoami.js'),
  follow: () => import('./follow.js'),
  unfollow: () => import('./unfollow.js'),
  list: () => import('./list.js'),
  post: () => import('./post.js'),
  timeline: () => import('./timeline.js'),
  shell: () => import('./shell.js'),
  router: () => import('./router.js'),
  master: () => import('./master.js'),
  watchdog: () => import('./watchdog.js'),
  switchover: () => import('./switchover.js'),
  'force-available': () => import('./force-available.js'),
  completion: () => import('./completion.js'),
} as const satisfies Record<string, () => Promise<CommandModule>>;

export type CommandName = keyof typeof commandModules;

/** Those whose names stand in the arguments, or all when none does: then help or a suggestion is wanted. */
export function namesIn(argv: readonly string[]): readonly CommandName[] {
  const all = Object.keys(commandModules) as CommandName[];
  if (argv[0] === '--version' || argv[0] === '-V') return [];
  const wantsAll = argv.length === 0 || argv[0] === 'help' || argv[0] === 'completion';
  const named = all.filter((name) => argv.includes(name));
  return wantsAll || named.length === 0 ? all : named;
}
