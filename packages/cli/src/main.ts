#!/usr/bin/env node
import { roleIn, runRole } from './roles.js';

// A role runs in this very process, before anything else is loaded: pid, signals and exit code are the role's own.
const role = roleIn(process.argv.slice(2));
if (role !== undefined) {
  await runRole(role);
} else {
  const { processArguments, processEnvironment } = await import('@everline/chassis/config');
  const { runProgram } = await import('./program.js');
  await runProgram(processArguments(), processEnvironment());
}
