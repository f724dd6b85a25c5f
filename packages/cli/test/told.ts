import { carryOut } from '../src/program.js';
import type { Output, Terminal } from '../src/terminal.js';
import type { Ended } from './everline.js';

/** What `everline` says and ends with, without a process of its own: for what is answered before anything is done. */
export async function told(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const into = (stream: keyof typeof said): Output => ({
    isTerminal: false,
    colours: false,
    columns: () => 80,
    write: (text) => {
      said[stream] += text;
    },
  });
  const { signal } = new AbortController();
  const terminal: Terminal = {
    out: into('stdout'),
    err: into('stderr'),
    input: { isTerminal: false, bytes: async function* () {} },
    interrupted: signal,
    abandoned: signal,
    end: () => Promise.reject(new Error('there is no process to end')),
  };
  return { code: await carryOut(args, environment, terminal), ...said };
}
