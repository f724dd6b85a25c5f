#!/usr/bin/env node
import {
  processArguments,
  processEnvironment,
  readSettings,
  runProcess,
  systemClock,
  systemRandom,
} from '@everline/chassis';
import { openRouter } from './router.js';
import { settings } from './settings.js';

await runProcess('everline-router', (stop, { log }) => {
  const read = readSettings(settings, processArguments(), processEnvironment());
  log.setLevel(read.logLevel);
  return openRouter(read, { clock: systemClock, random: systemRandom, log, stop });
});
