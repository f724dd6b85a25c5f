import type { Environment } from '@everline/chassis/config';
import { Command } from 'commander';
import { type CommandName, commands, namesIn } from './commands/table.js';
import { type Act, openContext } from './context.js';
import { type ExitCode, exitCodes } from './ending.js';
import { examples } from './print/help.js';
import { styleFor } from './print/style.js';
import { report } from './report.js';
import { type GlobalFlags, wantsNoColour } from './settings/settings.js';
import { openTerminal, type Terminal } from './terminal.js';
import { version } from './version.js';

/** Reads the arguments, runs the one command, and ends the process with its exit code. */
export async function runProgram(argv: readonly string[], environment: Environment): Promise<never> {
  const noColour = wantsNoColour({ color: !argv.includes('--no-color') }, environment);
  const terminal = openTerminal({ noColour });
  return terminal.end(await carryOut(argv, environment, terminal));
}

/** The same with the terminal given: resolves with the exit code. */
export async function carryOut(
  argv: readonly string[],
  environment: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  let ended: ExitCode = exitCodes.done;
  const program = newProgram(terminal);
  const act: Act =
    (work) =>
    async (...args) => {
      const command = args.at(-1) as Command;
      const context = openContext(terminal, environment, command.optsWithGlobals<GlobalFlags>(), {
        forgiveProfile: forgiving.has(command.name()),
      });
      ended = (await work(context, ...(args.slice(0, -1) as ArgumentsOf<typeof work>))) ?? exitCodes.done;
    };
  try {
    await addCommands(program, act, argv);
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    ended = report(error, terminal, argv);
  }
  return ended;
}

type ArgumentsOf<Work> = Work extends (context: never, ...rest: infer Rest) => unknown ? Rest : never;

/** The commands that replace or remove a damaged profile, and the one that tells of it. */
const forgiving = new Set(['login', 'logout', 'doctor']);

export async function addCommands(program: Command, act: Act, argv: readonly string[]): Promise<void> {
  const names = namesIn(argv);
  const modules = await Promise.all(names.map((name) => commands[name].load()));
  for (const [index, { define }] of modules.entries()) {
    program.commandsGroup(groupOf(names[index]));
    define(program, act).helpOption('--help', 'show this');
  }
}

function groupOf(name: CommandName | undefined): string {
  return name === undefined ? '' : commands[name].group;
}

export function newProgram(terminal: Terminal): Command {
  const style = styleFor(terminal.out);
  return new Command('everline')
    .description('A social timeline that keeps running through crashes.')
    .usage('[options] COMMAND')
    .option('--router <host:port[,…]>', 'the router, or several (EVERLINE_ROUTER; 127.0.0.1:3010)')
    .option('-u, --user <name>', 'who I am (EVERLINE_USER; else the login)')
    .option('--timeout <duration>', 'how long to try, e.g. 500ms, 10s (EVERLINE_TIMEOUT; 10s)')
    .option('--profile <name>', 'which login to use (EVERLINE_PROFILE; default)')
    .option('--json', 'one JSON object a line')
    .option('--quiet', 'nothing on stderr but errors')
    .option('--no-color', 'no colours (also NO_COLOR)')
    .version(version(), '-V, --version', 'show the version')
    .helpOption('--help', 'show this')
    .addHelpText('after', examples(['everline up', 'everline demo', 'everline post --help']))
    .configureHelp({ showGlobalOptions: true, styleTitle: style.bold, styleCommandText: style.cyan })
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      outputError: () => {},
      getOutHelpWidth: () => Math.min(terminal.out.columns(), 110),
    })
    .exitOverride();
}
