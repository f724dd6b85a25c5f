/**
 * A transcript is a sheet: one column a terminal, one row a step. In a cell:
 *   $ everline shell --user u1    starts a program          Cmd> LIST     typed at the prompt
 *   > hello                       typed                     ^C  ^D        typed control characters
 *   [exit 1]                      the program has ended     ¶             an empty line
 * Every other line is shown, word for word; `␣` stands for a blank at its end, `<time>` and `<available>` for what
 * differs from day to day. The column `operator` holds what is done to the cluster. Rows are separated by dashes.
 */
export interface Sheet {
  readonly title: string;
  readonly columns: readonly string[];
  readonly steps: readonly Step[];
  /** What is done to the cluster in it. */
  readonly acts: readonly string[];
}

export interface Step {
  readonly line: number;
  readonly cells: readonly (readonly string[])[];
}

export function parseTranscript(text: string): Sheet {
  const lines = text.split('\n');
  const firstRule = lines.findIndex(isRule);
  const header = lines[firstRule - 1];
  const title = lines[0];
  if (header === undefined || title === undefined)
    throw new Error('a transcript begins with a title and a header');
  const columns = split(header).map((name) => name.trim());
  const steps: Step[] = [];
  let rows: string[] = [];
  let begun = firstRule + 2;
  lines.slice(firstRule + 1).forEach((line, index) => {
    if (!isRule(line)) {
      rows.push(line);
      return;
    }
    steps.push(stepOf(rows, begun, columns.length));
    rows = [];
    begun = firstRule + index + 3;
  });
  steps.push(stepOf(rows, begun, columns.length));
  const acting = columns.indexOf('operator');
  return {
    title,
    columns,
    steps: steps.filter(({ cells }) => cells.some((cell) => cell.length > 0)),
    acts: steps.flatMap(({ cells }) => cells[acting] ?? []),
  };
}

function stepOf(rows: readonly string[], line: number, columns: number): Step {
  const cells = Array.from({ length: columns }, (_, column) =>
    rows.flatMap((row) => {
      const cell = (split(row)[column] ?? '').trimEnd();
      return cell === '' ? [] : [cell];
    }),
  );
  return { line, cells };
}

function isRule(line: string): boolean {
  return /^-{3,}[-+]*$/.test(line);
}

/** Columns are separated by a bar with a blank at each side; the last one may be cut short. */
function split(row: string): string[] {
  return row.split(/ \| | \|$/);
}
