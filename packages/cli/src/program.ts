import { Command, CommanderError } from 'commander';
import { commandModules, namesIn } from './commands/table.js';
import { type Act, openContext } from './context.js';
import { Ending, type ExitCode, exitCodes } from './ending.js';
import { examples } from './print/help.js';
import { styleFor } from './print/style.js';
import { visible, visibleJson } from './print/visible.js';
import { SettingInvalid } from './settings/parse.js';
import { type Environment, type GlobalFlags, wantsNoColour } from './settings/settings.js';
import { openTerminal, type Terminal } from './terminal.js';
import { version } from './version.js';

/** Reads the arguments, runs the one command, and ends the process with its exit code. */
export async function runProgram(argv: readonly string[], environment: Environment): Promise<never> {
  const noColour = wantsNoColour({ color: !argv.includes('--no-color') }, environment);
  const terminal = openTerminal({ noColour });
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
  return terminal.end(ended);
}

type ArgumentsOf<Work> = Work extends (context: never, ...rest: infer Rest) => unknown ? Rest : never;

/** The commands that replace or remove a damaged profile, and the one that tells of it. */
const forgiving = new Set(['login', 'logout', 'doctor']);

export async function addCommands(program: Command, act: Act, argv: readonly string[]): Promise<void> {
  const modules = await Promise.all(namesIn(argv).map((name) => commandModules[name]()));
  for (const { define } of modules) define(program, act).helpOption('--help', 'show this');
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

/** One line on stderr, whatever went wrong; with --json an object. */
export function report(error: unknown, terminal: Terminal, argv: readonly string[]): ExitCode {
  const { exitCode, line, reason } = judge(error, terminal);
  if (line === undefined) return exitCode;
  if (argv.includes('--json')) {
    terminal.err.write(`${visibleJson({ error: { message: line, exitCode, reason } })}\n`);
  } else {
    const style = styleFor(terminal.err);
    terminal.err.write(`${style.red('everline:')} ${visible(line)}\n`);
  }
  return exitCode;
}

interface Judgement {
  readonly exitCode: ExitCode;
  /** Nothing is said when a person stopped it, or only asked for help. */
  readonly line?: string;
  readonly reason?: string | undefined;
}

function judge(error: unknown, terminal: Terminal): Judgement {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { exitCode: exitCodes.done };
    const line = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
    return error.code === 'commander.help'
      ? { exitCode: exitCodes.usage }
      : { exitCode: exitCodes.usage, line };
  }
  if (error instanceof SettingInvalid) return { exitCode: exitCodes.usage, line: error.message };
  if (error instanceof Ending && error.exitCode !== exitCodes.interrupted) {
    return { exitCode: error.exitCode, line: error.message, reason: error.reason };
  }
  if (error instanceof Ending || terminal.interrupted.aborted) return { exitCode: exitCodes.interrupted };
  return { exitCode: exitCodes.refused, line: `a fault of this program: ${(error as Error).stack ?? error}` };
}
