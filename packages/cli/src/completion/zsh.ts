import type { CompletionOption, CompletionTree } from './tree.js';

export function zshCompletion({ globals, commands }: CompletionTree): string {
  const described = commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`);
  const cases = commands.map(({ name, options, values }) => {
    const specs = [...options, ...globals].flatMap(specsOf);
    const operand = values.length > 0 ? `':value:(${values.join(' ')})'` : "'*:text: '";
    return `        ${name}) _arguments ${[...specs, operand].join(' ')} ;;`;
  });
  return `#compdef everline
# zsh completion for everline: eval "$(everline completion zsh)"
_everline() {
  local context state line
  local -a commands
  commands=(
${described.join('\n')}
  )
  _arguments -C ${globals.flatMap(specsOf).join(' ')} '1:command:->command' '*::argument:->argument'
  case "$state" in
    command) _describe command commands ;;
    argument)
      case "$line[1]" in
${cases.join('\n')}
      esac ;;
  esac
}
if [ "$funcstack[1]" = "_everline" ]; then _everline "$@"; else compdef _everline everline; fi
`;
}

function specsOf({ flags, description, takesValue, values }: CompletionOption): string[] {
  const text = description.replaceAll(/[[\]:\\]/g, '\\$&');
  const from = values.length > 0 ? `(${values.join(' ')})` : '_files';
  return flags.map((flag) => quoted(`${flag}[${text}]${takesValue ? `:value:${from}` : ''}`));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
