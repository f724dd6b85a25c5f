import { constants } from 'node:os';

/** How a child ended, and whether another start could help (W5, W9). */
export type Ending =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
  /** An adopted child: nobody but its parent is told how it ended. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'not-spawned'; readonly errorCode: string; readonly message: string };

/** Of a status as wait(2) has it: in the lower byte the signal, and whether there is a core file; above it the exit code. */
export function endingOf(status: number): Ending {
  const number = status & 0x7f;
  const signal = Object.entries(constants.signals).find(([, one]) => one === number)?.[0];
  if (signal !== undefined) return { kind: 'signal', signal: signal as NodeJS.Signals };
  return { kind: 'exit', code: (status >> 8) & 0xff };
}

/** Exit codes of sysexits.h with which a program says that it would fail again in the same way. */
const hopeless: Readonly<Record<number, string>> = {
  77: 'it lacks a permission',
  78: 'its configuration is wrong',
};
/** Errors of spawn(2) with the same meaning; others (EAGAIN, ENOMEM, EMFILE) pass. */
const hopelessErrors: Readonly<Record<string, { code: number; why: string }>> = {
  ENOENT: { code: 78, why: 'the program does not exist' },
  ENOTDIR: { code: 78, why: 'the program does not exist' },
  EACCES: { code: 77, why: 'the program may not be executed' },
  EPERM: { code: 77, why: 'the program may not be executed' },
  ENOEXEC: { code: 78, why: 'the program is no program' },
};

/** The code to end with and the reason, when a restart cannot help. */
export function hopelessness(ending: Ending): { readonly code: number; readonly why: string } | undefined {
  if (ending.kind === 'not-spawned') return hopelessErrors[ending.errorCode];
  const why = ending.kind === 'exit' ? hopeless[ending.code] : undefined;
  return ending.kind === 'exit' && why !== undefined ? { code: ending.code, why } : undefined;
}

/** As ReportDeath has it: the exit code, or the signal's name. */
export function howItEnded(ending: Ending): string {
  switch (ending.kind) {
    case 'exit':
      return String(ending.code);
    case 'signal':
      return ending.signal;
    case 'gone':
      return 'gone';
    case 'not-spawned':
      return ending.errorCode;
  }
}
