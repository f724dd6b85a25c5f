import { summarize } from './summary.js';

/** After the suite. */
// biome-ignore lint/style/noDefaultExport: jest calls the default export
export default function end(): void {
  summarize();
}
