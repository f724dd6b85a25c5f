import type { Finding } from '../doctor/finding.js';
import type { Style } from './style.js';
import { visible } from './visible.js';

export function findingText({ level, what, remedy }: Finding, style: Style): string {
  const sign = {
    ok: style.green('✓'),
    note: style.cyan('·'),
    warning: style.yellow('!'),
    fault: style.red('✗'),
  }[level];
  const line = `${sign} ${visible(what)}\n`;
  return remedy === undefined ? line : `${line}    ${style.dim('→')} ${visible(remedy)}\n`;
}
