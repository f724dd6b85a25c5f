import { openTerminal } from './terminal.js';
import { version } from './version.js';

export async function showVersion(): Promise<never> {
  const terminal = openTerminal({ noColour: true });
  terminal.out.write(`${version()}\n`);
  return terminal.end(0);
}
