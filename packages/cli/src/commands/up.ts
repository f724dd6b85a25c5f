import type { DefineCommand } from '../context.js';
export const define: DefineCommand = (program) => program.command('up');
