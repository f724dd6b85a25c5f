/** A role to be run in this process, with the arguments that are its own. */
export interface RoleRun {
  readonly role: Role;
  readonly argv: readonly string[];
}

const roles = ['router', 'master', 'watchdog'] as const;
export type Role = (typeof roles)[number];

/** `everline master --data …`, `everline help master`, `everline router recover --data …`. */
export function roleIn(argv: readonly string[]): RoleRun | undefined {
  const help = argv[0] === 'help';
  const role = roles.find((name) => name === argv[help ? 1 : 0]);
  if (role === undefined) return undefined;
  if (help) return { role, argv: ['--help'] };
  const [first, ...rest] = argv.slice(1);
  if (role === 'router' && first === 'recover') return { role, argv: ['--recover', ...rest] };
  return { role, argv: argv.slice(1) };
}

export async function runRole({ role, argv }: RoleRun): Promise<void> {
  process.argv.splice(1, process.argv.length, process.argv[1] ?? role, ...argv);
  switch (role) {
    case 'router':
      return void (await import('@everline/router/bin'));
    case 'master':
      return void (await import('@everline/master/bin'));
    case 'watchdog':
      return void (await import('@everline/watchdog/bin'));
  }
}
