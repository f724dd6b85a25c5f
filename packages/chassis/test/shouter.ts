/** Logs as many lines as it is told, says "done", and one line more for each line of its stdin. */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createLog } from '../src/index.js';

const log = createLog({ name: 'shouter' });
const lines = Number(process.argv[2]);
for (let number = 0; number < lines; number++) log.info({ number, padding: 'x'.repeat(100) }, 'a line');
writeSync(1, 'done\n');
for await (const _ of createInterface(process.stdin)) log.info({ number: 'last' }, 'one more');
