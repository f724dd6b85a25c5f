import { numberFlags } from './command-line.js';

/** The answer to --help. */
export function usage(defaultDataDir: string): string {
  const numbers = Object.entries(numberFlags).map(([name, { fallback, help }]) =>
    row(`--${name} N`, `${help} (${fallback})`),
  );
  return `everline-watchdog [flags] -- COMMAND ARGS…   keep COMMAND running
everline-watchdog status [NAME…]               what the pairs and their children do
everline-watchdog logs NAME [-f] [-n LINES] [--watchdog]
everline-watchdog restart NAME                 end the child in good order and start it again
everline-watchdog stop NAME… | --all [--now]   end child and watchdogs
everline-watchdog unit [flags] -- COMMAND …    print a systemd unit that does the same

Flags:
${row('--name NAME', 'what it is called; default: the last part of --child-data, or of COMMAND')}
${row('--data DIR', `where watchdogs keep logs and state (${defaultDataDir})`)}
${row('--child-data DIR', "the child's data directory, where it opens its control socket")}
${row('--report-to HOST:PORT,…', 'routers that are told when the child has died')}
${numbers.join('\n')}
${row('--json', 'one JSON object a line (verbs)')}

Two processes guard one child. SIGTERM or SIGINT to either ends all three; a second one means now.
Kill either, and the other takes its place; kill both, and the child runs on until the next pair adopts it.

Example:
  everline-watchdog --child-data ./master-1 --report-to 127.0.0.1:3010 -- everline-master --data ./master-1`;
}

function row(flag: string, help: string): string {
  return `  ${flag.padEnd(24)} ${help}`;
}
