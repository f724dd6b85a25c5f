#!/usr/bin/env node
import { roleIn, runRole } from './roles.js';

// A role runs in this very process, before anything else is loaded: pid, signals and exit code are the role's own.
// What only prints the version does not wait for what reads arguments.
const argv = process.argv.slice(2);
const role = roleIn(argv);
if (role !== undefined) {
  await runRole(role);
} else if (argv.length === 1 && argv[0] === '--version') {
  const { showVersion } = await import('./show-version.js');
  await showVersion();
} else {
  const { processArguments, processEnvironment } = await import('@everline/chassis/config');
  const { runProgram } = await import('./program.js');
  await runProgram(processArguments(), processEnvironment());
}
