import type { Command } from 'commander';

/** What a shell can complete: commands with their options, as commander knows them. */
export interface CompletionTree {
  readonly globals: readonly CompletionOption[];
  readonly commands: readonly CompletionCommand[];
}

export interface CompletionCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletionOption[];
  /** The values its argument may have, when they are few. */
  readonly values: readonly string[];
}

export interface CompletionOption {
  /** `--limit`, and `-n` when it has one. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** The values it may have, when they are few. */
  readonly values: readonly string[];
}

export function treeOf(program: Command): CompletionTree {
  return {
    globals: optionsOf(program),
    commands: program.commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      options: optionsOf(command),
      values: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    })),
  };
}

function optionsOf(command: Command): CompletionOption[] {
  const visible = command.createHelp().visibleOptions(command);
  return visible.map((option) => ({
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    description: option.description,
    takesValue: option.required || option.optional,
    values: option.argChoices ?? [],
  }));
}
