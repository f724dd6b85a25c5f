import { CommanderError } from 'commander';
import { commands } from './commands/table.js';
import { Ending, type ExitCode, exitCodes } from './ending.js';
import { styleFor } from './print/style.js';
import { visible, visibleJson, visibleLines } from './print/visible.js';
import { SettingInvalid } from './settings/parse.js';
import type { Terminal } from './terminal.js';

/** One line on stderr, whatever went wrong; with --json an object. Returns the exit code. */
export function report(error: unknown, terminal: Terminal, argv: readonly string[]): ExitCode {
  const { exitCode, line, reason, trace } = judge(error, terminal, argv);
  if (line === undefined) return exitCode;
  if (argv.includes('--json')) {
    terminal.err.write(`${visibleJson({ error: { message: line, exitCode, reason } })}\n`);
  } else {
    const more = trace === undefined ? '' : `${visibleLines(trace).join('\n')}\n`;
    terminal.err.write(`${styleFor(terminal.err).red('everline:')} ${visible(line)}\n${more}`);
  }
  return exitCode;
}

interface Judgement {
  readonly exitCode: ExitCode;
  /** Nothing is said when a person stopped it, or only asked for help. */
  readonly line?: string;
  readonly reason?: string | undefined;
  /** Of what nobody had thought of, for whoever mends it. */
  readonly trace?: string | undefined;
}

function judge(error: unknown, terminal: Terminal, argv: readonly string[]): Judgement {
  if (error instanceof CommanderError) return judgeUsage(error, argv);
  if (error instanceof SettingInvalid) return { exitCode: exitCodes.usage, line: error.message };
  if (error instanceof Ending && error.exitCode !== exitCodes.interrupted) {
    return { exitCode: error.exitCode, line: error.message, reason: error.reason };
  }
  if (error instanceof Ending || terminal.interrupted.aborted) return { exitCode: exitCodes.interrupted };
  const line = `a fault of this program: ${String(error)}`;
  return { exitCode: exitCodes.refused, line, trace: error instanceof Error ? error.stack : undefined };
}

/** Commander has shown the help that was asked for; anything else is a line that says where help is. */
function judgeUsage({ code, exitCode, message }: CommanderError, argv: readonly string[]): Judgement {
  if (exitCode === 0) return { exitCode: exitCodes.done };
  if (code === 'commander.help') return { exitCode: exitCodes.usage };
  const command = argv.find((word) => Object.hasOwn(commands, word));
  const help = command === undefined ? 'everline --help' : `everline ${command} --help`;
  const sentence = message.replace(/^error: /, '').replaceAll('\n', ' ');
  return { exitCode: exitCodes.usage, line: `${sentence} (see ${help})` };
}
