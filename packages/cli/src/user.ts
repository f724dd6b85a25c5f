import type { Context } from './context.js';
import { Ending } from './ending.js';

/** Who acts; nobody is a refusal that says what to do. */
export function userOf({ settings }: Pick<Context, 'settings'>): string {
  if (settings.user === undefined) {
    throw Ending.refused('nobody is logged in: `everline login NAME`, or --user NAME');
  }
  return settings.user.name;
}
