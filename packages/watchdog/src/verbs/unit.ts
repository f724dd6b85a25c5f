import { fileURLToPath } from 'node:url';
import { parseRun } from '../command-line.js';
import type { Verb } from './verb.js';

const mainPath = fileURLToPath(new URL('../main.js', import.meta.url));
/** systemd may not be quicker with SIGKILL than we are with our child. */
const beyondGraceMs = 10_000;

/** A systemd unit that runs the pair with these flags. */
export const unit: Verb = async (argv, { defaultDataDir, print }) => {
  const { settings } = parseRun(argv, defaultDataDir);
  const command = [process.execPath, mainPath, ...argv].map(quote).join(' ');
  await print(`[Unit]
Description=Everline: ${settings.name} under its watchdogs
After=network-online.target
Wants=network-online.target
# Never dead for ever: the watchdogs have their own measure of restarts.
StartLimitIntervalSec=0

[Service]
ExecStart=${command}
WorkingDirectory=${process.cwd().replaceAll('%', '%%')}
Restart=on-failure
RestartSec=1
# Another pair runs; a permission is missing; the configuration is wrong: a restart cannot help.
RestartPreventExitStatus=75 77 78
# The child and the other watchdog outlive this process when it is killed, and the next one joins them.
KillMode=process
TimeoutStopSec=${Math.ceil((settings.graceMs + beyondGraceMs) / 1_000)}

[Install]
WantedBy=multi-user.target
`);
};

/** systemd expands % and $, and splits at spaces. */
function quote(argument: string): string {
  const escaped = argument.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w@%+=:,./$-]+$/.test(escaped) ? escaped : `"${escaped.replace(/["\\]/g, '\\$&')}"`;
}
