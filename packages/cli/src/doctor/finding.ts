/** What one check found; `remedy` says what to do about it. */
export interface Finding {
  readonly check: string;
  readonly level: 'ok' | 'note' | 'warning' | 'fault';
  readonly what: string;
  readonly remedy?: string;
}

export type Check = () => Promise<readonly Finding[]>;

export function ok(check: string, what: string): Finding {
  return { check, level: 'ok', what };
}

export function note(check: string, what: string, remedy: string): Finding {
  return { check, level: 'note', what, remedy };
}

export function warning(check: string, what: string, remedy: string): Finding {
  return { check, level: 'warning', what, remedy };
}

export function fault(check: string, what: string, remedy: string): Finding {
  return { check, level: 'fault', what, remedy };
}
