import type { CompletionOption, CompletionTree } from './tree.js';

/** For bash 3.2 and newer, with or without the bash-completion package. */
export function bashCompletion(tree: CompletionTree): string {
  const globals = flagsOf(tree.globals);
  const cases = tree.commands.map(({ name, options, values }) => {
    const words = [...flagsOf(options), ...values].join(' ');
    return `    ${name}) words="${words}" ;;`;
  });
  return `# bash completion for everline: eval "$(everline completion bash)"
_everline() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" words="" i
  case "$previous" in
${choiceCases(tree).join('')}    ${valueFlags(tree).join('|')}) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      ${tree.commands.map(({ name }) => name).join('|')}) command="\${COMP_WORDS[i]}"; break ;;
    esac
  done
  case "$command" in
    "") words="${tree.commands.map(({ name }) => name).join(' ')}" ;;
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words ${globals.join(' ')}" -- "$current"))
}
complete -F _everline everline
`;
}

function flagsOf(options: readonly CompletionOption[]): string[] {
  return options.flatMap(({ flags }) => flags);
}

function choiceCases(tree: CompletionTree): string[] {
  return optionsOf(tree)
    .filter(({ values }) => values.length > 0)
    .map(
      ({ flags, values }) =>
        `    ${flags.join('|')}) COMPREPLY=($(compgen -W "${values.join(' ')}" -- "$current")); return ;;\n`,
    );
}

function valueFlags(tree: CompletionTree): string[] {
  return [
    ...new Set(
      optionsOf(tree)
        .filter(({ takesValue }) => takesValue)
        .flatMap(({ flags }) => flags),
    ),
  ];
}

function optionsOf({ globals, commands }: CompletionTree): readonly CompletionOption[] {
  return [...globals, ...commands.flatMap(({ options }) => options)];
}
