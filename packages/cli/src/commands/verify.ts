import { Option } from 'commander';
import type { DefineCommand } from '../context.js';
import { examples } from '../print/help.js';
import { dataFolder } from '../profile/folders.js';
import { parseDuration, parseWhole } from '../settings/parse.js';
import { type KillKind, killKinds } from '../verify/victim.js';

interface VerifyFlags {
  readonly clients: string;
  readonly for: string;
  readonly rate: string;
  readonly kill?: KillKind;
  readonly every: string;
  readonly data?: string;
}

/** Each has connections of its own to every master. */
const mostClients = 100;
const mostPostsASecond = 20_000;

export const define: DefineCommand = (program, act) =>
  program
    .command('verify')
    .option('--clients <n>', 'how many write and read', '8')
    .option('--for <duration>', 'for how long', '60s')
    .option('--rate <n>', 'posts a second, of all together', '200')
    .addOption(
      new Option(
        '--kill <which>',
        'kill -9 meanwhile, only in a cluster that `up` runs on this machine',
      ).choices(killKinds),
    )
    .option('--every <duration>', 'from one kill to the next', '5s')
    .option('--data <dir>', 'for --kill: the data folder of that cluster ($XDG_DATA_HOME/everline)')
    .description('prove it on your own cluster: write, read, kill, and count what was lost or doubled')
    .addHelpText(
      'after',
      `
Users it makes are named verify-XXXX-N and stay. Ends with 0 when every promise was kept, 1 when one broke (and shows
what proves it), 69 when the cluster did not answer, 130 after Ctrl-C (and its count).
${examples([
  'everline verify',
  'everline verify --for 10min --kill random --every 2s',
  'everline verify --kill available --clients 32 --rate 1000',
  'everline verify --router 10.0.0.5:3010 --for 1h --json | tail -1',
])}`,
    )
    .action(
      act<[VerifyFlags]>(async (context, flags) => {
        const wish = {
          clients: parseWhole(flags.clients, '--clients', 1, mostClients),
          forMs: parseDuration(flags.for, '--for'),
          rate: parseWhole(flags.rate, '--rate', 1, mostPostsASecond),
          kill:
            flags.kill === undefined
              ? undefined
              : {
                  kind: flags.kill,
                  everyMs: parseDuration(flags.every, '--every'),
                  dataDir: flags.data ?? dataFolder(context.environment),
                },
        };
        const { runVerify } = await import('../verify/run.js');
        return runVerify(context, wish);
      }),
    );
