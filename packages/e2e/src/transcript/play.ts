import { bin } from '../places.js';
import type { Run } from '../processes/run.js';
import { Terminal } from '../terminal/terminal.js';
import { playCell } from './cell.js';
import type { Operator } from './operator.js';
import type { Sheet, Step } from './parse.js';

/** Plays a sheet, step by step; the cells of one step are played side by side. */
export async function playTranscript(run: Run, sheet: Sheet, operator: Operator): Promise<void> {
  const terminals = new Map<string, Terminal>();
  for (const step of sheet.steps) await playStep(run, sheet, step, operator, terminals);
  for (const terminal of terminals.values()) {
    const rest = terminal.unread;
    if (terminal.exitCode === undefined && rest !== '' && rest !== 'Cmd> ')
      throw new Error(`${terminal.name} shows more than the sheet: ${JSON.stringify(rest)}`);
    await terminal.close();
  }
}

async function playStep(
  run: Run,
  sheet: Sheet,
  step: Step,
  operator: Operator,
  terminals: Map<string, Terminal>,
): Promise<void> {
  const acting = sheet.columns.indexOf('operator');
  for (const action of step.cells[acting] ?? []) await operator.act(action);
  const played = step.cells.map(async (cell, column) => {
    if (column === acting) return;
    const name = sheet.columns[column] ?? '';
    await playCell(cell, {
      open: (command) => {
        const terminal = new Terminal(run, name, commandOf(command, operator.router));
        terminals.set(name, terminal);
        return terminal;
      },
      terminal: () => {
        const terminal = terminals.get(name);
        if (terminal === undefined) throw new Error(`nothing was started at the terminal ${name}`);
        return terminal;
      },
      available: () => operator.available(),
    });
  });
  const results = await Promise.allSettled(played);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined)
    throw new Error(`the step at line ${step.line} of “${sheet.title}”: ${String(failed.reason)}`, {
      cause: failed.reason,
    });
}

/** As a person types it; the sheet does not know the ports of the day. */
function commandOf(command: string, router: string): string[] {
  const [program, ...args] = command.split(' ');
  if (program !== 'everline') throw new Error(`a transcript starts everline, not ${program}`);
  return [process.execPath, bin('cli'), ...args, '--router', router];
}
