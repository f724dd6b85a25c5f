import { forgetFigures } from './figures.js';

/** Before the suite: figures are of one run. */
// biome-ignore lint/style/noDefaultExport: jest calls the default export
export default function begin(): void {
  forgetFigures();
}
