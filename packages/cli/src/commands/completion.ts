import { Argument, type Command } from 'commander';
import { bashCompletion } from '../completion/bash.js';
import { fishCompletion } from '../completion/fish.js';
import { treeOf } from '../completion/tree.js';
import { zshCompletion } from '../completion/zsh.js';
import type { DefineCommand } from '../context.js';
import { examples } from '../print/help.js';

const writers = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
type Shell = keyof typeof writers;

export const define: DefineCommand = (program: Command, act) =>
  program
    .command('completion')
    .description('print what makes a shell complete `everline`')
    .addArgument(new Argument('<shell>').choices(Object.keys(writers)))
    .addHelpText(
      'after',
      examples(['eval "$(everline completion bash)"', 'everline completion fish | source']),
    )
    .action(
      act<[Shell]>(async ({ terminal }, shell) => {
        terminal.out.write(writers[shell](treeOf(program)));
        return undefined;
      }),
    );
