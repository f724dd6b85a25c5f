#!/usr/bin/env node
import { roleIn, runRole } from './roles.js';

// A role runs in this very process, before anything else is loaded: pid, signals and exit code are the role's own.
const argv = process.argv.slice(2);
const role = roleIn(argv);
if (role !== undefined) {
  await runRole(role);
} else {
  const { runProgram } = await import('./program.js');
  await runProgram(argv, process.env);
}
