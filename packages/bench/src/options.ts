import { parseArgs } from 'node:util';
import { ExitWith } from '@everline/chassis/lifecycle';

export interface Options {
  /** Subjects whose name begins with one of these; all when there is none. */
  readonly only: readonly string[];
  readonly quick: boolean;
  /** Where the results go; those of other subjects in it stay. */
  readonly json: string | undefined;
  /** Where filled stores stay; else they go with the run. */
  readonly stores: string | undefined;
  /** Scripts that measure other systems; without them no other is measured. */
  readonly peers: string | undefined;
  readonly list: boolean;
}

const usage = `pnpm bench [--only NAME]… [--quick] [--json FILE] [--stores DIR] [--peers DIR] [--list]

  --only NAME   only subjects whose name begins so; may be repeated
  --quick       few and short rounds, in three minutes: to see that it runs, not to quote
  --json FILE   where results are merged into (docs/benchmarks/results.json; with --quick nowhere)
  --stores DIR  keeps the filled stores there, for the next run: filling a million users takes minutes
  --peers DIR   other systems beside it, by the scripts in this folder (etcd.mjs, redis.mjs, nats.mjs), and PostgreSQL
  --list        names the subjects`;

/** sysexits' EX_USAGE. */
const wrongUsage = 64;

export function readOptions(args: readonly string[]): Options {
  const { help, only, quick, json, stores, peers, list } = parse(args);
  if (help) throw new ExitWith(0, usage);
  return { only, quick, json, stores, peers, list };
}

function parse(args: readonly string[]) {
  try {
    const options = {
      only: { type: 'string', multiple: true, default: [] as string[] },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      stores: { type: 'string' },
      peers: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw wrong(error);
  }
}

function wrong(cause: unknown): ExitWith {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ExitWith(wrongUsage, `${why}\n${usage}`, { cause });
}
