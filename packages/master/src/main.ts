#!/usr/bin/env node
import {
  processArguments,
  processEnvironment,
  readSettings,
  runProcess,
  systemClock,
  systemRandom,
} from '@everline/chassis';
import { openMaster } from './master.js';
import { definition } from './settings.js';

await runProcess('everline-master', (_stop, { log }) => {
  const settings = readSettings(definition, processArguments(), processEnvironment());
  log.setLevel(settings.logLevel);
  return openMaster(settings, { clock: systemClock, random: systemRandom, log });
});
