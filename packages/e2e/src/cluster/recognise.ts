import type { Role } from '../places.js';

/** Which of the product's programs a command line runs, wherever the package is installed. */
export function programOf(argv: readonly string[]): Role | undefined {
  const script = ownPart(argv).find((argument) => /\.m?js$|\/everline(-\w+)?$/.test(argument)) ?? '';
  const [, name] = /(router|master|watchdog|cli)\/dist\/src\/main\.js$/.exec(script) ?? [];
  if (name === 'cli' || script.endsWith('/everline')) {
    const word = argv[argv.indexOf(script) + 1];
    return word === 'router' || word === 'master' || word === 'watchdog' ? word : 'cli';
  }
  return name as Role | undefined;
}

export function argumentAfter(argv: readonly string[], flag: string): string | undefined {
  const own = ownPart(argv);
  const at = own.indexOf(flag);
  return at < 0 ? undefined : own[at + 1];
}

/** Without the command that it is to run. */
function ownPart(argv: readonly string[]): readonly string[] {
  return argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
}
