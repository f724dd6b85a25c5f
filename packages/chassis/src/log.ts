import { type BaseLogger, pino, stdSerializers, stdTimeFunctions } from 'pino';
import { createLineWriter } from './log/line-writer.js';

/** One event, one line: `fields` say what a program may look for, `message` says it to people. An `error` among the fields keeps its stack and causes. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A log whose every line carries these fields, too. */
  child(fields: object): Log;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The log of the whole process: its level is known only when the configuration has been read. */
export interface ProcessLog extends Log {
  /** Holds for this log and all its children. */
  setLevel(level: LogLevel): void;
}

export interface LogOptions {
  /** Which program speaks, in every line. */
  readonly name: string;
  /** Default `info`. */
  readonly level?: LogLevel;
  /** Takes whole lines; default: stderr, synchronously, never blocking, never throwing. */
  readonly write?: (line: string) => void;
}

const stderr = 2;

/** One JSON object a line: `{"level":"info","time":"…","pid":…,"name":"…",…,"message":"…"}`. */
export function createLog(options: LogOptions): ProcessLog {
  const threshold = { level: rank(options.level ?? 'info') };
  const write = options.write ?? stderrWriter();
  const root = pino(
    {
      level: 'debug',
      base: { pid: process.pid, name: options.name },
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: stdSerializers.errWithCause },
    },
    { write },
  );
  return {
    ...wrap(root, threshold),
    setLevel: (level) => {
      threshold.level = rank(level);
    },
  };
}

function stderrWriter(): (line: string) => void {
  const writer = createLineWriter(
    stderr,
    (lines) =>
      `${JSON.stringify({ level: 'warn', lines, message: 'lines of this log were lost: its reader did not take them' })}\n`,
  );
  return (line) => writer.write(line);
}

type Pino = Pick<BaseLogger, Exclude<LogLevel, 'silent'>> & { child(fields: object): Pino };

function wrap(logger: Pino, threshold: { readonly level: number }): Log {
  const at = (level: Exclude<LogLevel, 'silent'>) => {
    const needed = rank(level);
    return (fields: object, message: string): void => {
      if (needed >= threshold.level) logger[level](fields, message);
    };
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(logger.child(fields), threshold),
  };
}

function rank(level: LogLevel): number {
  return logLevels.indexOf(level);
}
