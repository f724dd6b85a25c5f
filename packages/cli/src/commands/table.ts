import type { DefineCommand } from '../context.js';

interface CommandEntry {
  /** Its heading in the help. */
  readonly group: string;
  /** Loaded only when it is asked for: `everline whoami` pays for whoami. */
  load(): Promise<{ readonly define: DefineCommand }>;
}

const cluster = 'A cluster on this machine:';
const talk = 'Talk:';
const operate = 'Operate a cluster:';
const roles = 'One role in the foreground:';
const other = 'Besides:';

/** Every command, in the order of the help. */
export const commands = {
  up: { group: cluster, load: () => import('./up.js') },
  down: { group: cluster, load: () => import('./down.js') },
  demo: { group: cluster, load: () => import('./demo.js') },
  doctor: { group: cluster, load: () => import('./doctor.js') },
  login: { group: talk, load: () => import('./login.js') },
  logout: { group: talk, load: () => import('./logout.js') },
  whoami: { group: talk, load: () => import('./whoami.js') },
  follow: { group: talk, load: () => import('./follow.js') },
  unfollow: { group: talk, load: () => import('./unfollow.js') },
  list: { group: talk, load: () => import('./list.js') },
  post: { group: talk, load: () => import('./post.js') },
  timeline: { group: talk, load: () => import('./timeline.js') },
  shell: { group: talk, load: () => import('./shell.js') },
  status: { group: operate, load: () => import('./status.js') },
  verify: { group: operate, load: () => import('./verify.js') },
  switchover: { group: operate, load: () => import('./switchover.js') },
  'force-available': { group: operate, load: () => import('./force-available.js') },
  router: { group: roles, load: () => import('./router.js') },
  master: { group: roles, load: () => import('./master.js') },
  watchdog: { group: roles, load: () => import('./watchdog.js') },
  completion: { group: other, load: () => import('./completion.js') },
} as const satisfies Record<string, CommandEntry>;

export type CommandName = keyof typeof commands;

/** Those whose names stand in the arguments, or all when none does: then help or a suggestion is wanted. */
export function namesIn(argv: readonly string[]): readonly CommandName[] {
  if (argv[0] === '--version' || argv[0] === '-V') return [];
  const all = Object.keys(commands) as CommandName[];
  const wantsAll = argv.length === 0 || argv[0] === 'help' || argv[0] === 'completion';
  const named = all.filter((name) => argv.includes(name));
  return wantsAll || named.length === 0 ? all : named;
}
